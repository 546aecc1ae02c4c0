// The tables that make up the book.
#pragma once

#include "messages/book.hpp"

namespace madoguchi::messages {

std::span<const Message> logged();
std::span<const Message> found();          // in the configuration, the store, the policy and the plugins
std::span<const Message> found_keys();     // in keys and certificates, and in the rights on any file
std::span<const Message> found_outside();  // in what it works with: programs, readers, clock, network

}  // namespace madoguchi::messages
