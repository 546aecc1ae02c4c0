#include "views.hpp"

namespace queue_board {
namespace {

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string word(const json::object& of, std::string_view key, std::string_view language) {
  const auto* words = of.if_contains(key);
  return words == nullptr ? std::string() : escaped(words->at(language).as_string());
}

std::string in_both(const json::object& of, std::string_view key) {
  const auto en = word(of, key, "en");
  return word(of, key, "ja") + (en.empty() ? "" : "<span lang=\"en\">" + en + "</span>");
}

std::string number(std::string_view ja, std::string_view en, const std::string& value) {
  return "<div><dt>" + std::string(ja) + "<span lang=\"en\">" + std::string(en) + "</span></dt><dd>" + value +
         "</dd></div>\n";
}

std::string live(const json::object& office) {
  std::string called;
  for (const auto& one : office.at("called").as_array())
    called += (called.empty() ? "" : "&ensp;") + escaped(one.at("ticket").as_string());
  const auto* wait = office.if_contains("wait");
  return "<dl>\n" +
         number("待ち人数", "Waiting",
                std::to_string(office.at("waiting").to_number<std::size_t>()) + "<small>人</small>") +
         number("呼び出し番号", "Now calling", called.empty() ? "&ndash;" : called) +
         (wait == nullptr
              ? std::string()
              : number("待ち時間の目安", "Estimated wait",
                       "約" + std::to_string(wait->at("minutes").as_int64()) + "<small>分</small>")) +
         "</dl>\n";
}

// After closing the numbers are for those who still wait or stand at a window.
bool shows_numbers(const json::object& office) {
  if (!office.at("live").as_bool()) return false;
  return !office.contains("notice") || office.at("waiting").to_number<std::size_t>() > 0 ||
         !office.at("called").as_array().empty();
}

constexpr std::string_view head = R"(<!DOCTYPE html>
<html lang="ja">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="60">
<title>窓口の待ち状況</title>
<style>
:root { color-scheme: light dark; --line: #8886; }
body { font: 1rem/1.6 system-ui, "Noto Sans JP", sans-serif; max-width: 44rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; margin: .2em 0; }
h2 { font-size: 1.1rem; margin: 0; }
section { border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; margin: 1rem 0; }
p { margin: .3em 0; }
[lang=en] { display: block; font-size: .8em; opacity: .75; }
dl { display: flex; flex-wrap: wrap; gap: 1rem 2rem; margin: .8rem 0 0; }
dt { font-size: .9rem; }
dd { margin: 0; font-size: 1.8rem; font-weight: 700; font-variant-numeric: tabular-nums; }
small { font-size: 1rem; font-weight: 400; margin-inline-start: .15em; }
</style>
<h1>窓口の待ち状況<span lang="en">Waiting at the counters</span></h1>
)";

}  // namespace

std::string page(std::span<const json::object> offices, Moment now) {
  std::string html(head);
  const auto day = day_of(now);
  html += "<p>" + madoguchi::plugin::date_in_japanese(day) + ' ' +
          madoguchi::plugin::format_clock(clock_of(now)) + " 現在<span lang=\"en\">As of " +
          madoguchi::plugin::date_in_english(day) + ", " + madoguchi::plugin::format_clock(clock_of(now)) +
          "</span></p>\n";
  for (const auto& office : offices) {
    html += "<section>\n<h2>" + in_both(office, "name") + "</h2>\n";
    if (office.contains("label")) html += "<p>" + in_both(office, "label") + "</p>\n";
    if (office.contains("notice")) html += "<p>" + in_both(office, "notice") + "</p>\n";
    if (shows_numbers(office)) html += live(office);
    html += "</section>\n";
  }
  return html +
         "<p><small>待ち時間は目安です。<span lang=\"en\">Waiting times are "
         "estimates.</span></small></p>\n</html>\n";
}

}  // namespace queue_board
