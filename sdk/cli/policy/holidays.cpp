#include "settings/holidays.hpp"

#include <iconv.h>

#include <array>
#include <cerrno>

#include "workbench.hpp"

namespace madoguchi::policy_tools {
namespace {

// Nothing if the text is not in that encoding.
std::optional<std::string> to_utf8(std::string text, const char* encoding) {
  const auto converter = ::iconv_open("UTF-8", encoding);
  // NOLINTNEXTLINE(performance-no-int-to-ptr): so iconv_open(3) says that there is none
  if (converter == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  std::string result;
  char* in = text.data();
  std::size_t left = text.size();
  bool good = true;
  while (left > 0 && good) {
    std::array<char, 4096> buffer{};
    char* out = buffer.data();
    std::size_t room = buffer.size();
    const auto done = ::iconv(converter, &in, &left, &out, &room);
    result.append(buffer.data(), buffer.size() - room);
    good = done != static_cast<std::size_t>(-1) || errno == E2BIG;
  }
  ::iconv_close(converter);
  if (!good) return std::nullopt;
  return result;
}

}  // namespace

int import_holidays(const Setting& setting, const std::string& csv, int first_year, int last_year) {
  const auto bytes = read_file(csv);
  if (!bytes) {
    setting.err << bytes.error().inner << "\n";
    return unreadable;
  }
  // What is UTF-8 is hardly ever Shift_JIS by chance, the other way round neither.
  auto text = to_utf8(*bytes, "UTF-8");
  if (!text) text = to_utf8(*bytes, "CP932");
  if (!text) {
    setting.err << csv << ": neither Shift_JIS nor UTF-8\n";
    return unreadable;
  }
  const auto made = settings::import_holidays(*text, csv, first_year, last_year);
  say(setting.err, made.complaints, "error");
  if (!made.value) return not_so;
  setting.out << *made.value;
  return good;
}

}  // namespace madoguchi::policy_tools
