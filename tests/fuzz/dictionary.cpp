// Writes the words of the daemon's own table of methods as a dictionary for the fuzzer, and each method's
// example as an input to begin with: madoguchi-fuzz-dictionary FILE FOLDER
#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <set>

#include "counter.hpp"

namespace json = boost::json;

namespace {

// Every word that stands anywhere in a schema's closed lists and member names.
void collect(const json::value& value, std::set<std::string>& words) {
  if (const auto* object = value.if_object()) {
    for (const auto& [key, each] : *object) {
      if (key == "description" || key == "summary" || key == "x-errors" || key == "errors") continue;
      words.emplace(key);
      collect(each, words);
    }
  } else if (const auto* array = value.if_array()) {
    for (const auto& each : *array) collect(each, words);
  } else if (const auto* text = value.if_string()) {
    words.emplace(*text);
  }
}

bool a_word(const std::string& text) {
  return text.size() > 1 && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return c > ' ' && c < 0x7F && c != '"' && c != '\\';
         });
}

}  // namespace

int main(int count, char** words_given) {
  if (count != 3) return 2;
  auto& counter = madoguchi::fuzz::a_counter();
  std::set<std::string> words{"jsonrpc", "2.0", "method", "params", "id"};
  collect(counter.table.openrpc("madoguchi", "0"), words);
  std::ofstream dictionary(words_given[1]);
  for (const auto& word : words) {
    if (a_word(word)) dictionary << '"' << word << "\"\n";
  }
  int number = 0;
  for (const auto& row : counter.table.rows()) {
    const json::object request{{"jsonrpc", "2.0"},
                               {"id", ++number},
                               {"method", row.name},
                               {"params", json::parse(row.example.empty() ? "{}" : row.example)}};
    std::ofstream(std::string(words_given[2]) + "/" + std::string(row.name))
        << '\xFF' << json::serialize(request) << '\n';
  }
  return dictionary.good() ? 0 : 1;
}
