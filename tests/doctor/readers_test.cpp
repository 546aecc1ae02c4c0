#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "support.hpp"

namespace madoguchi::doctor {
namespace {

namespace fs = std::filesystem;
using smartcard::Survey;
using testing::ElementsAre;

class ReadersSeen : public testing::Test {
 protected:
  ~ReadersSeen() override {
    if (listening_ >= 0) ::close(listening_);
  }
  // As pcscd's: something listens.
  void listen() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket().c_str(), sizeof address.sun_path - 1);
    listening_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_EQ(::bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listening_, 1), 0);
  }
  [[nodiscard]] fs::path socket() const { return folder_.path() / "pcscd.comm"; }
  std::vector<std::string> told(const Survey& survey) {
    Told told;
    examine_readers(socket(), survey, told.tell());
    return told.all;
  }
  Folder folder_;
  int listening_ = -1;
};

TEST_F(ReadersSeen, NamesAServiceThatDoesNotRun) {
  EXPECT_THAT(told({Survey::Service::down, "SCardEstablishContext: 8010001D", {}}),
              ElementsAre("pcscd.not_running wrong"));
}

TEST_F(ReadersSeen, TellsPolkitFromAServiceThatDoesNotRun) {
  listen();
  EXPECT_THAT(told({Survey::Service::refuses, "SCardEstablishContext: 8010006A", {}}),
              ElementsAre("pcscd.polkit wrong"));
}

TEST_F(ReadersSeen, NamesThatThereIsNoReaderOrThatACardIsMute) {
  EXPECT_THAT(told({Survey::Service::runs, "", {}}), ElementsAre("pcscd.ok ok", "reader.none wrong"));
  EXPECT_THAT(told({Survey::Service::runs, "", {{"A", true, true}, {"B", true, false}}}),
              ElementsAre("pcscd.ok ok", "reader.ok ok", "card.mute attention", "card.ok ok"));
  EXPECT_THAT(told({Survey::Service::runs, "", {{"A", false, false}}}),
              ElementsAre("pcscd.ok ok", "reader.ok ok", "card.none ok"));
}

TEST(Usb, NamesAReaderThatTheKernelHasTaken) {
  const Folder folder;
  const auto devices = folder.path() / "bus" / "usb" / "devices";
  fs::create_directories(devices / "1-2" / "1-2:1.0");
  EXPECT_FALSE(examine_usb(folder.path()));
  fs::create_directory_symlink("/sys/bus/usb/drivers/usbhid", devices / "1-2" / "1-2:1.0" / "driver");
  EXPECT_FALSE(examine_usb(folder.path()));
  fs::remove(devices / "1-2" / "1-2:1.0" / "driver");
  fs::create_directory_symlink("/sys/bus/usb/drivers/port100", devices / "1-2" / "1-2:1.0" / "driver");
  std::ofstream(devices / "1-2" / "product") << "RC-S380/P\n";
  const auto found = examine_usb(folder.path());
  ASSERT_TRUE(found);
  EXPECT_EQ(checked(*found), "reader.kernel_driver wrong");
  EXPECT_EQ(found->facts.at("product"), "RC-S380/P");
  EXPECT_FALSE(examine_usb(folder.path() / "nowhere"));
}

}  // namespace
}  // namespace madoguchi::doctor
