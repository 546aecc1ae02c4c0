// cases receipt, with the real madoguchi-print.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "exit_codes.hpp"
#include "fake_counter.hpp"
#include "program.hpp"

namespace madoguchi::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

json::object words(const char* ja, const char* en) {
  return {{"ja", ja}, {"en", en}};
}

json::object sheet(const char* kind) {
  return {{"kind", kind},
          {"case", "c-1"},
          {"title", words("更新が完了しました", "renewed <today>")},
          {"printed_at", "2026-02-12T10:10:00+09:00"},
          {"staff", "clerk-7"},
          {"certificates",
           {{{"certificate", "signature"},
             {"title", words("署名用電子証明書", "signature certificate")},
             {"done", false}}}}};
}

class Receipt : public ::testing::Test {
 protected:
  Receipt() { fs::create_directory(folder_); }
  ~Receipt() override { fs::remove_all(folder_); }

  Ran receipt(std::vector<std::string> options) {
    options.insert(options.begin(), {"cases", "receipt", "c-1", "--output", file_.string()});
    return run(counter_.arguments(std::move(options)));
  }
  [[nodiscard]] std::string written() const {
    std::ifstream file(file_);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  FakeCounter counter_;
  fs::path folder_ = fs::temp_directory_path() / ("receipt-" + std::to_string(::getpid()));
  fs::path file_ = folder_ / "sheet";
};

TEST_F(Receipt, IsMadeOfWhatTheDaemonSays) {
  counter_.server.answer("cases.receipt", sheet("completed"));
  const auto html = receipt({"--format", "html"});
  EXPECT_EQ(html.status, done) << html.err;
  EXPECT_EQ(html.out, "Ready to print: " + file_.string() + "\n");
  EXPECT_THAT(written(), HasSubstr("renewed &lt;today&gt;"));
  const auto pdf = receipt({"--json"});
  EXPECT_EQ(pdf.status, done) << pdf.err;
  EXPECT_EQ(json::parse(pdf.out).at("format"), "pdf");
  EXPECT_THAT(written(), StartsWith("%PDF-"));
}

TEST_F(Receipt, OfAnIncidentIsItsSlip) {
  auto slip = sheet("incident");
  slip["look_at"] = words("カードを見る", "look at the card");
  slip["timeline"] = json::array();
  counter_.server.answer("cases.receipt", slip);
  const auto ran = receipt({"--format=html", "--incident"});
  EXPECT_EQ(ran.status, done) << ran.err;
  EXPECT_THAT(written(), HasSubstr("look at the card"));
  EXPECT_EQ(counter_.server.calls("cases.receipt").at(0).at("kind"), "incident");
}

TEST_F(Receipt, ThatCannotBeMadeSaysWhyAndLeavesNoFile) {
  auto broken = sheet("completed");
  broken.erase("staff");
  counter_.server.answer("cases.receipt", broken);
  const auto ran = receipt({"--json", "--lang", "ja"});
  EXPECT_EQ(ran.status, refused);
  EXPECT_THAT(ran.err, StartsWith("madoguchi-print: /staff: 項目がありません\n"));
  EXPECT_EQ(json::parse(ran.out).at("error").at("reason"), "print.failed");
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_EQ(receipt({"--templates", "/no/such"}).status, refused);
}

TEST_F(Receipt, NeedsAFileToWrite) {
  const auto ran = run(counter_.arguments({"cases", "receipt", "c-1"}));
  EXPECT_EQ(ran.status, bad_usage);
  EXPECT_THAT(ran.out, IsEmpty());
}

}  // namespace
}  // namespace madoguchi::cli
