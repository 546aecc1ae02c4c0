// What the examination finds in the issuers that are configured.
#include "../certificate_authority.hpp"
#include "base/calendar.hpp"
#include "support.hpp"

namespace madoguchi::doctor {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;
using Certificates = std::vector<base::Bytes>;

class IssuersOfAnAuthority : public testing::Test {
 protected:
  using NameOfCa = std::unique_ptr<X509_NAME, decltype(&X509_NAME_free)>;
  static NameOfCa named(const char* common_name) {
    NameOfCa name(X509_NAME_new(), &X509_NAME_free);
    X509_NAME_add_entry_by_txt(name.get(), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0);
    return name;
  }
  base::Bytes ca(const char* name, const tests::KeyOfCa& key, int begins, int ends,
                 const char* constraints = "critical,CA:TRUE") const {
    return tests::ca_certificate(*named(name), *key, now_ + hours(24) * begins, now_ + hours(24) * ends,
                                 constraints);
  }
  std::vector<std::string> all(const std::vector<Finding>& findings) {
    std::vector<std::string> ids;
    for (const auto& each : findings) {
      ids.push_back(checked(each));
      facts_ = each.facts;
    }
    return ids;
  }
  std::vector<std::string> judged(const Certificates& in_the_file) {
    return all(judge_issuers({"J-LIS", "/etc/madoguchi/authentication.crt.pem"}, in_the_file, now_));
  }
  std::vector<std::string> compared(const Certificates& configured, const Certificates& named,
                                    const Certificates& enclosed = {}) {
    return all(compare_issuers("J-LIS", configured, named, enclosed, now_));
  }

  base::Instant now_ = base::parse_time("2026-11-28T10:00:00+09:00").value();
  tests::KeyOfCa key_ = tests::key_of_ca(), next_key_ = tests::key_of_ca(),
                 key_of_other_ = tests::key_of_ca();
  base::Bytes old_ = ca("利用者証明", key_, -3000, 600);
  base::Bytes next_ = ca("利用者証明", next_key_, -10, 3600);
  base::Bytes other_ = ca("署名", key_of_other_, -3000, 600);
  boost::json::object facts_;
};

TEST_F(IssuersOfAnAuthority, AreCertificatesOfCasThatHaveNotEnded) {
  EXPECT_THAT(judged({old_, next_}), IsEmpty());
  EXPECT_THAT(judged({old_, ca("端末", key_, -10, 600, "critical,CA:FALSE")}),
              ElementsAre("issuers.no_ca wrong"));
  EXPECT_EQ(facts_.at("subject"), "CN=端末");
  EXPECT_EQ(facts_.at("path"), "/etc/madoguchi/authentication.crt.pem");
  EXPECT_THAT(judged({ca("利用者証明", key_, -3000, -1), old_}), ElementsAre("issuers.ended attention"));
  EXPECT_EQ(facts_.at("date"), "2026-11-27");
}

TEST_F(IssuersOfAnAuthority, AreNamedWhereTheAuthorityShowsOthersOnly) {
  EXPECT_THAT(compared({old_}, {old_, other_}), IsEmpty());
  EXPECT_THAT(compared({other_}, {old_}), ElementsAre("issuers.not_shown attention"));
  EXPECT_EQ(facts_.at("shown"), "CN=利用者証明");
  EXPECT_THAT(compared({other_}, {}, {old_}), IsEmpty()) << "who signs its messages need not issue";
  EXPECT_THAT(compared({other_}, {}), IsEmpty());
  EXPECT_THAT(compared({}, {old_}), IsEmpty());
}

TEST_F(IssuersOfAnAuthority, AreNamedWhereTheAuthorityShowsTheNextGeneration) {
  EXPECT_THAT(compared({old_}, {old_, next_}), ElementsAre("issuers.followed attention"));
  EXPECT_EQ(facts_.at("date"), "2026-11-18");
  EXPECT_THAT(compared({old_}, {}, {next_}), ElementsAre("issuers.followed attention"));
  EXPECT_THAT(compared({old_}, {old_, next_}, {next_}), ElementsAre("issuers.followed attention")) << "once";
  EXPECT_THAT(compared({old_, next_}, {next_, old_}), IsEmpty());
  EXPECT_THAT(compared({next_}, {next_, old_}), IsEmpty()) << "an earlier one issues no more";
  const auto to_come = ca("利用者証明", next_key_, 10, 3600);
  EXPECT_THAT(compared({old_}, {old_, to_come}), IsEmpty()) << "it has not begun";
}

}  // namespace
}  // namespace madoguchi::doctor
