// An RA key that is not a file of the daemon's: found, tried, and each trouble with it told with what to do.
// The provider is OpenSSL's own, which opens a locked PEM file in the way in which another opens an HSM.
#include "key_store.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>

#include "authorities.hpp"
#include "messages/book.hpp"
#include "own_certificate.hpp"
#include "support.hpp"
#include "system_clock.hpp"

namespace madoguchi::app {
namespace {

using testing::HasSubstr;
using testing::Not;

class KeyInStore : public testing::Test {
 protected:
  KeyInStore() {
    const std::string pin = "70-key";
    const OwnCertificate own;
    own.write_certificate(folder_.path() / "ra.crt.pem");
    own.write_key(folder_.path() / "token.pem", pin);
    put_pin(pin + "\n");
    auto& authority = config_.authorities.emplace_back();
    authority.name = "J-LIS";
    authority.url = "http://127.0.0.1:9/";
    authority.ra_certificate = "ra.crt.pem";
    authority.trust = {"ra.crt.pem"};
    authority.ra_key_store = {.uri = "file:" + (folder_.path() / "token.pem").string(),
                              .providers = {"default"},
                              .modules = {},
                              .openssl_conf = {},
                              .pin = "ra.pin"};
  }

  void put_pin(const std::string& pin, mode_t mode = 0600) {
    ::chmod(folder_.write("ra.pin", pin).c_str(), mode);
  }

  settings::KeyStoreConfig& store() { return *config_.authorities.front().ra_key_store; }

  // The finding's id; its facts are kept, and whether there is a remedy is looked at.
  std::string judged() {
    boost::asio::io_context loop;
    const SystemClock clock;
    const auto made = Authorities::make(loop, config_, folder_.path(), clock);
    if (!made) fault_ = made.error();
    const auto found = judge_key_store(config_.authorities.front(), folder_.path(), made ? nullptr : &fault_);
    if (!found) return "none";
    facts_ = found->facts;
    const auto* message = messages::find(found->id);
    EXPECT_NE(message, nullptr) << found->id;
    if (message != nullptr && found->state == doctor::State::wrong) {
      EXPECT_FALSE(message->do_ja.empty());
      for (const auto text : {message->ja, message->en, message->do_ja, message->do_en})
        EXPECT_THAT(messages::filled(text, facts_), Not(HasSubstr("{")));
    }
    return found->id;
  }

  Folder folder_;
  settings::DaemonConfig config_;
  base::Fault fault_;
  boost::json::object facts_;
};

TEST_F(KeyInStore, IsFoundAndTried) {
  EXPECT_EQ(judged(), "ra_key.ok");
  put_pin("70-key");
  EXPECT_EQ(judged(), "ra_key.ok") << "without an end of its line";
}

TEST_F(KeyInStore, ItsPinIsRefused) {
  put_pin("71-key\n");
  EXPECT_EQ(judged(), "ra_key.pin_refused");
  EXPECT_EQ(fault_.code, base::Code::forbidden) << "so that the daemon is not started again and again";
  EXPECT_THAT(fault_.inner, HasSubstr("authority J-LIS: "));
  EXPECT_THAT(base::describe(fault_), Not(HasSubstr("71-key")));
  store().pin.clear();
  EXPECT_EQ(judged(), "ra_key.pin_missing");
}

TEST_F(KeyInStore, ItsPinsFileIsAsAKeysFile) {
  put_pin("70-key\n", 0644);
  EXPECT_EQ(judged(), "ra_key.pin_unreadable");
  EXPECT_THAT(std::string(facts_.at("why").as_string()), HasSubstr("ra.pin"));
  put_pin("\n");
  EXPECT_EQ(judged(), "ra_key.pin_unreadable");
  put_pin(std::string(base::Secret::capacity + 1, '7'));
  EXPECT_EQ(judged(), "ra_key.pin_unreadable");
  store().pin = "no-such.pin";
  EXPECT_EQ(judged(), "ra_key.pin_unreadable");
  store().pin = "/run/credentials/madoguchid.service/ra.pin";
  EXPECT_EQ(judged(), "ra_key.handed_over");
}

TEST_F(KeyInStore, IsNotWhereItShouldBe) {
  const auto good = store();
  store().uri = "pkcs11:token=ra";
  EXPECT_EQ(judged(), "ra_key.unopened");
  store() = good;
  store().providers = {"no-such-hsm"};
  EXPECT_EQ(judged(), "ra_key.no_provider");
  store() = good;
  store().openssl_conf = "no-such.cnf";
  EXPECT_EQ(judged(), "ra_key.no_conf");
  store() = good;
  store().uri = "file:" + (folder_.path() / "ra.crt.pem").string();
  EXPECT_EQ(judged(), "ra_key.no_key");
}

TEST_F(KeyInStore, IsAnotherCertificates) {
  OwnCertificate().write_certificate(folder_.path() / "ra.crt.pem");
  EXPECT_EQ(judged(), "ra_key.foreign");
}

TEST_F(KeyInStore, IsNotBlamedForAnothersFault) {
  config_.authorities.front().expected_sender = "nonsense";
  EXPECT_EQ(judged(), "none");
}

TEST(KeyTroubles, EachHasItsMessage) {
  for (const auto trouble : authority::key_troubles())
    EXPECT_NE(messages::find("ra_key." + std::string(trouble)), nullptr) << trouble;
}

}  // namespace
}  // namespace madoguchi::app
