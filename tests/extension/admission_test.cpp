// From a name to verified bytes: signatures, digests, files that somebody else could have written.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>

#include "admission.hpp"
#include "extension/signing.hpp"
#include "fixture.hpp"

namespace madoguchi::extension {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr auto name = "bad-moody";

class Admission : public testing::Test {
 protected:
  Admission() : vendor_(vendors_, "nobody"), stranger_(vendors_, "Stranger") { put(folder_, name); }

  [[nodiscard]] fs::path manifest() const { return folder_ / (std::string(name) + ".json"); }
  [[nodiscard]] fs::path library() const { return folder_ / (std::string(name) + ".so"); }

  base::Result<Admitted> admit_it(bool allow_unsigned = false) {
    const auto folder = Folder::open(folder_.path());
    if (!folder) return folder.error();
    const auto trust = Trust::load({vendor_.certificate});
    if (!trust) return trust.error();
    return admit_with(*folder, *trust, allow_unsigned);
  }

  static base::Result<Admitted> admit_with(const Folder& folder, const Trust& trust, bool allow_unsigned) {
    auto vouched = vouch(folder, trust, name, allow_unsigned);
    if (!vouched) return vouched.error();
    return admit(folder, std::move(*vouched));
  }

  void expect_refused(const std::string& reason, bool allow_unsigned = false) {
    const auto admitted = admit_it(allow_unsigned);
    ASSERT_FALSE(admitted) << "let in";
    EXPECT_THAT(admitted.error().inner, HasSubstr(reason));
  }

  void change_manifest(std::string_view from, std::string_view to) { change(manifest(), from, to); }

  TemporaryFolder folder_;
  TemporaryFolder vendors_;
  Vendor vendor_;
  Vendor stranger_;
};

TEST_F(Admission, of_a_signed_plugin_names_the_signer) {
  vendor_.sign(manifest());
  const auto admitted = admit_it();
  ASSERT_TRUE(admitted) << base::describe(admitted.error());
  EXPECT_EQ(admitted->signer, "CN=nobody");
  EXPECT_EQ(admitted->manifest.name, name);
}

TEST_F(Admission, of_an_unsigned_one_only_where_that_is_allowed) {
  expect_refused("the manifest is not signed");
  EXPECT_TRUE(admit_it(true));
}

TEST_F(Admission, not_of_a_strangers_even_where_unsigned_ones_are_allowed) {
  stranger_.sign(manifest());
  expect_refused("not by a trusted vendor");
  expect_refused("not by a trusted vendor", true);
}

TEST_F(Admission, not_with_a_library_changed_after_signing) {
  vendor_.sign(manifest());
  auto bytes = read_file(library());
  bytes.back() ^= 1U;
  write_file(library(), bytes);
  expect_refused("SHA-256 differs");
}

TEST_F(Admission, not_with_a_manifest_changed_after_signing) {
  vendor_.sign(manifest());
  change_manifest("\"1.0.0\"", "\"1.0.1\"");
  expect_refused("not over this manifest");
}

// Trusted or not: a CA's other customers are trusted too.
TEST_F(Admission, not_with_a_certificate_that_does_not_fit) {
  using std::chrono::hours;
  struct Row {
    const char* why;
    const char* name = "nobody";
    const char* usage = "codeSigning";
    hours begins{-1};
    hours ends{1};
  };
  for (const auto& [why, owner, usage, begins, ends] :
       {Row{"not for signing code", "nobody", "serverAuth"}, Row{"not for signing code", "nobody", nullptr},
        Row{"vendor is \"nobody\", the certificate's owner (O or CN) is CN=somebody", "somebody"},
        Row{"certificate was not valid", "nobody", "codeSigning", hours(-2), hours(-1)},
        Row{"certificate was not valid", "nobody", "codeSigning", hours(1), hours(2)}}) {
    const TemporaryFolder others;
    const Vendor vendor(others, owner, usage, begins, ends);
    vendor.sign(manifest());
    const auto trust = Trust::load({vendor.certificate});
    const auto admitted = admit_with(*Folder::open(folder_.path()), *trust, false);
    ASSERT_FALSE(admitted) << why;
    EXPECT_THAT(admitted.error().inner, HasSubstr(why));
    const auto may = may_sign(vendor.certificate, "nobody");
    ASSERT_FALSE(may) << "the vendor is not told: " << why;
    EXPECT_THAT(may.error().inner, HasSubstr(why));
    const auto signer = signer_of(read_file(manifest()), read_file(manifest().string() + ".p7s"), "nobody");
    ASSERT_FALSE(signer);
    EXPECT_THAT(signer.error().inner, HasSubstr(why));
  }
  EXPECT_TRUE(may_sign(vendor_.certificate, "nobody"));
}

// Whoever is trusted by what stands after a damaged certificate would be refused without a word.
TEST_F(Admission, not_with_a_list_of_vendors_that_cannot_be_read_to_its_end) {
  auto whole = read_file(vendor_.certificate);
  const auto other = read_file(stranger_.certificate);
  whole.insert(whole.end(), other.begin(), other.end());
  const auto file = vendors_ / "bundle.pem";
  write_file(file, whole);
  EXPECT_TRUE(Trust::load({file}));
  auto damaged = whole;
  damaged.at(whole.size() - other.size() + 60) = '!';
  write_file(file, damaged);
  const auto refused = Trust::load({file});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().inner, HasSubstr("bundle.pem: certificate 2 cannot be read as PEM: "));
  whole.resize(whole.size() - 40);
  write_file(file, whole);
  EXPECT_FALSE(Trust::load({file})) << "cut off";
  write_file(file, as_bytes("no certificate"));
  EXPECT_FALSE(Trust::load({file}));
  EXPECT_FALSE(Trust::load({vendors_ / "nowhere.pem"}));
}

TEST_F(Admission, not_with_a_signature_that_is_none) {
  write_file(manifest().string() + ".p7s", as_bytes("signed: me"));
  expect_refused("no CMS SignedData");
}

TEST_F(Admission, not_with_bytes_behind_the_signature) {
  vendor_.sign(manifest());
  auto signature = read_file(manifest().string() + ".p7s");
  signature.push_back(0);
  write_file(manifest().string() + ".p7s", signature);
  expect_refused("no CMS SignedData");
}

TEST_F(Admission, not_under_another_name) {
  change_manifest("\"name\": \"bad-moody\"", "\"name\": \"bad-other\"");
  expect_refused("it is of \"bad-other\"", true);
}

TEST_F(Admission, not_of_a_library_elsewhere) {
  change_manifest("\"library\": \"bad-moody.so\"", "\"library\": \"../../lib.so\"");
  expect_refused("without a folder", true);
}

TEST_F(Admission, not_of_another_architecture) {
  auto bytes = read_file(library());
  constexpr std::size_t machine = 18;  // e_machine
  bytes.at(machine) = 0xF3;            // RISC-V
  bytes.at(machine + 1) = 0;
  const auto before = base::to_hex(base::sha256(read_file(library())));
  write_file(library(), bytes);
  change_manifest(before, base::to_hex(base::sha256(bytes)));
  expect_refused("another architecture", true);
}

TEST_F(Admission, not_through_a_symbolic_link) {
  fs::rename(library(), vendors_ / "real.so");
  fs::create_symlink(vendors_ / "real.so", library());
  expect_refused(".so", true);
}

TEST_F(Admission, not_of_files_that_others_may_write) {
  ::chmod(library().c_str(), 0666);
  expect_refused("others than its owner may write to it", true);
  ::chmod(library().c_str(), 0644);
  ::chmod(folder_.path().c_str(), 0777);
  expect_refused("others than its owner may write to it", true);
}

TEST_F(Admission, not_of_what_is_not_there) {
  fs::remove(library());
  expect_refused("No such file", true);
  fs::remove(manifest());
  expect_refused("No such file", true);
}

TEST_F(Admission, seals_the_verified_bytes) {
  const auto admitted = admit_it(true);
  ASSERT_TRUE(admitted);
  // Neither the file's later content nor anybody with the descriptor can change what is loaded.
  write_file(library(), as_bytes("something else"));
  const auto path = "/proc/self/fd/" + std::to_string(admitted->bytes.get());
  EXPECT_EQ(base::to_hex(base::sha256(read_file(path))), admitted->manifest.sha256);
  EXPECT_LT(::pwrite(admitted->bytes.get(), "x", 1, 0), 0);
}

}  // namespace
}  // namespace madoguchi::extension
