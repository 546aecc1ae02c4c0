// Events as the rooms below know them, in the words of the socket.
#pragma once

#include <string_view>

#include "server/event_hub.hpp"
#include "smartcard/readers.hpp"
#include "storage/case_store.hpp"

namespace madoguchi::app {

// The `type` of contract events of the topic `readers`.
std::string_view type_of(smartcard::ReaderEvent::Kind kind);

server::Event told(const storage::EventRecord& record);

// Reads older events for subscribers that resume; `store` must outlive it.
server::EventHub::Fetch fetch_from(storage::CaseStore& store);

}  // namespace madoguchi::app
