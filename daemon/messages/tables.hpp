// The tables that make up the book.
#pragma once

#include "messages/book.hpp"

namespace madoguchi::messages {

std::span<const Message> logged();
std::span<const Message> found();          // in the daemon's files and configuration
std::span<const Message> found_outside();  // in what it works with: programs, readers, clock, network

}  // namespace madoguchi::messages
