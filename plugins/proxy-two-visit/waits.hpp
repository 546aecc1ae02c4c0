// What a case waits for, in the words of its hold: from the letter to its last day.
#pragma once

#include <madoguchi/step.hpp>
#include <string>

#include "inquiry.hpp"

namespace proxy_two_visit {

struct Words {
  std::string ja;
  std::string en;
};

// Of an inquiry that has a letter.
Words waits_for(const Inquiry& inquiry);

}  // namespace proxy_two_visit
