// What run() says before anything is started: exit status and complaint.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "app/world.hpp"
#include "support.hpp"

namespace madoguchi::app {
namespace {

using testing::HasSubstr;

const std::string shipped = std::string(CONFIG_FOLDER) + "/madoguchid.yaml";

struct Ended {
  int status;
  std::string said;
};

Ended ended(const std::string& config, bool check_only) {
  testing::internal::CaptureStderr();
  Options options;
  options.config = config;
  options.check_only = check_only;
  const int status = run(options);
  return {status, testing::internal::GetCapturedStderr()};
}

TEST(Run, ChecksTheShippedConfiguration) {
  const auto [status, said] = ended(shipped, true);
  // Where its plugins are not installed each is named; that is for them to be let in once they are.
  EXPECT_EQ(status, 0) << said;
}

TEST(Run, NamesAConfigurationThatIsNotThere) {
  const auto [status, said] = ended("/nowhere/madoguchid.yaml", false);
  EXPECT_EQ(status, 2);
  EXPECT_THAT(said, HasSubstr("/nowhere/madoguchid.yaml"));
}

TEST(Run, ComplainsWithPlaceAndKey) {
  const Folder folder;
  const auto [status, said] = ended(folder.write("madoguchid.yaml", "sockets: {}\n").string(), true);
  EXPECT_EQ(status, 2);
  EXPECT_THAT(said, HasSubstr("madoguchid.yaml:1:1: sockets"));
}

TEST(Run, ChecksThePolicyToo) {
  const Folder folder;
  // With no policy beside it, what is right in the file is of no use.
  std::filesystem::copy_file(shipped, folder.path() / "madoguchid.yaml");
  const auto [status, said] = ended((folder.path() / "madoguchid.yaml").string(), true);
  EXPECT_EQ(status, 2);
  EXPECT_THAT(said, HasSubstr("policy/utsunomiya"));
}

// The shipped configuration with some texts replaced, started or checked.
Ended run_with(const Folder& folder, std::initializer_list<std::pair<std::string, std::string>> changes,
               bool check_only) {
  std::filesystem::copy(std::string(CONFIG_FOLDER), folder.path(), std::filesystem::copy_options::recursive);
  std::ifstream file(shipped);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  for (const auto& [from, to] : changes) text.replace(text.find(from), from.size(), to);
  return ended(folder.write("madoguchid.yaml", text).string(), check_only);
}
Ended started_with(const Folder& folder, std::initializer_list<std::pair<std::string, std::string>> changes) {
  return run_with(folder, changes, false);
}

TEST(Run, ChecksKeysAndCertificatesAllAtOnce) {
  const Folder folder;
  const auto key = folder.write("terminal.hex", "short").string();
  const auto certificate = folder.write("ra.crt.pem", "no certificate").string();
  ::chmod(key.c_str(), 0600);
  const auto [status, said] = run_with(folder,
                                       {{"/etc/madoguchi/terminal.key.hex", key},
                                        {"/etc/madoguchi/ra.crt.pem", certificate},
                                        {"/etc/madoguchi/ra.key.pem", certificate},
                                        {"/etc/madoguchi/root.crt.pem", certificate},
                                        {"/var/lib/madoguchi/cases.db", certificate + "/cases.db"}},
                                       true);
  EXPECT_EQ(status, 2);
  EXPECT_THAT(said, HasSubstr("terminal.hex: not 32 bytes in hexadecimal"));
  EXPECT_THAT(said, HasSubstr("authority development: "));
  EXPECT_THAT(said, HasSubstr("ra.crt.pem: not a folder"));
}

TEST(Run, TakesACredentialThatIsHandedOverLaterForNoFault) {
  const Folder folder;
  const auto [status, said] =
      run_with(folder, {{"/etc/madoguchi/ra.crt.pem", (folder.path() / "ra.crt.pem").string()}}, true);
  EXPECT_EQ(status, 0) << said;
  EXPECT_THAT(said, HasSubstr("notice: authority development: "));
}

TEST(Run, NamesTheStoreThatItCannotOpen) {
  const Folder folder;
  const auto store = (folder.path() / "no-such-folder" / "cases.db").string();
  const auto [status, said] =
      started_with(folder, {{"/var/lib/madoguchi/cases.db", store}, {"format: journald", "format: text"}});
  EXPECT_EQ(status, 1);
  EXPECT_THAT(said, HasSubstr("daemon.cannot_start"));
  EXPECT_THAT(said, HasSubstr("no-such-folder"));
}

TEST(Run, NamesTheAuthorityWhoseCredentialsAreMissing) {
  const Folder folder;
  const auto [status, said] =
      started_with(folder, {{"/var/lib/madoguchi/cases.db", (folder.path() / "cases.db").string()},
                            {"/etc/madoguchi/ra.crt.pem", (folder.path() / "ra.crt.pem").string()},
                            {"format: journald", "format: text"}});
  EXPECT_EQ(status, 1);
  EXPECT_THAT(said, HasSubstr("authority development"));
  EXPECT_THAT(said, HasSubstr("ra.crt.pem"));
}

}  // namespace
}  // namespace madoguchi::app
