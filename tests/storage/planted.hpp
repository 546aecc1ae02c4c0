// What the tests of the sealing share: texts to look for, and a search for them in every file of a store.
#pragma once

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "plain.hpp"
#include "support.hpp"

namespace madoguchi::storage {

// No two alike, and each long enough not to be there by chance.
inline const std::vector<std::string> planted{"1990-02-03-BIRTH", "CARD-8800112233", "花子-CERTIFICATE",
                                              "JOURNAL-町一丁目", "EVENT-QUEUE-42",  "PLUGIN-RELATION",
                                              "OWED-TO-PLUGIN"};

inline Change planted_change(const std::string& id) {
  auto change = a_change(id);
  change.record->body = R"({"facts":")" + planted[0] + "\"}";
  change.record->card = planted[1];
  change.record->parts = {{"/sagas/0/old_certificate", planted[2]}};
  change.journal[0].body = planted[3];
  change.events[0].data = "\"" + planted[4] + "\"";
  change.events[0].case_id = id;
  change.plugin_states = {{"visits", id, 0, planted[5], planted[6]}};
  return change;
}

inline std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// In whichever file of the folder, and whatever SQLite thinks of the place.
inline std::vector<std::string> found_in(const std::filesystem::path& folder,
                                         const std::vector<std::string>& texts) {
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto bytes = bytes_of(entry.path());
    for (const auto& text : texts) {
      if (bytes.find(text) != std::string::npos) found.insert(entry.path().filename().string() + ": " + text);
    }
  }
  return {found.begin(), found.end()};
}

inline void expect_planted(Store& store, const std::string& id) {
  const auto record = store.load(id).value();
  EXPECT_THAT(record.body, ::testing::HasSubstr(planted[0]));
  EXPECT_EQ(record.card, planted[1]);
  EXPECT_EQ(record.parts.at("/sagas/0/old_certificate"), planted[2]);
  EXPECT_EQ(store.journal(id).value().at(0).body, planted[3]);
  EXPECT_THAT(store.events(0, {}, 10).value().at(0).data, ::testing::HasSubstr(planted[4]));
  EXPECT_EQ(store.plugin_states(id).value().at(0).body, planted[5]);
  EXPECT_EQ(store.plugin_states(id).value().at(0).owed, planted[6]);
  ListQuery of_card;
  of_card.card = planted[1];
  EXPECT_EQ(store.list(of_card).value().records.back().id, id);
}

class SealedStore : public ::testing::Test {
 protected:
  // Through SQLite, with every trigger out of the way.
  void by_hand(const std::string& sql) {
    Plain hand(folder_.store());
    for (const char* trigger : {"journal_never_changes", "journal_keeps_its_text", "journal_is_kept"})
      hand.run(std::string("DROP TRIGGER IF EXISTS ") + trigger);
    EXPECT_EQ(hand.run(sql + "; SELECT 'done'"), "done");
  }
  Folder folder_;
};

}  // namespace madoguchi::storage
