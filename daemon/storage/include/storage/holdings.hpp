// What the store holds about people: of which cases, sealed with which keys, and how it leaves. It tells what
// there is, never what it says.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace madoguchi::storage {

struct Held {
  std::string case_id{};
  std::string state{};
  // The same for every case of the same card, and nothing that the card could be told by; empty while none is
  // known.
  std::string card{};
  base::Instant opened_at{};
  base::Instant updated_at{};
  std::vector<std::string> parts{};    // names, as in CaseRecord
  std::int64_t journal = 0;            // lines
  std::vector<std::string> plugins{};  // that keep something about it
};

struct HeldQuery {
  std::string after{};    // a case's id: only those behind it; empty: from the first
  std::string case_id{};  // only this one; empty: any
  std::string card{};     // only of the card with this identity; empty: any
  int limit = 100;
};

// Cases in one of the states that nothing has changed since.
struct Outdated {
  std::vector<std::string> states{};
  base::Instant since{};
};

// Ids of keys.
struct Sealing {
  std::string key{};                  // seals
  std::vector<std::string> former{};  // have sealed some of what is still held
};

// How far sealing anew has come.
struct Resealed {
  std::string case_id{};
  std::int64_t event = 0;
  bool done = false;
  std::int64_t damaged = 0;  // when done: values that do not open, and so stay as they are
};

class Holdings {
 public:
  virtual ~Holdings() = default;
  // By the case's id.
  virtual base::Result<std::vector<Held>> held(const HeldQuery& query) = 0;
  // Lets whole cases go, at most `most`, and leaves none of their bytes in the store's files; of their events
  // stays what happened when, without whose case it was. The audit log keeps its entries, with one for each
  // that went. How many went.
  virtual base::Result<std::int64_t> let_go(const Outdated& outdated, base::Instant now, int most) = 0;
  virtual base::Result<Sealing> sealing() = 0;
  // Seals with the key in use what a former one has sealed, a piece at a time: begin with an empty place, go
  // on with what is returned until it is done. From then on no former key is needed but those of what is
  // damaged, which sealing() goes on telling.
  virtual base::Result<Resealed> reseal(const Resealed& from, int most) = 0;
};

}  // namespace madoguchi::storage
