// Every text of the command, in English and Japanese: the parts in `catalogue`, one a concept, in one array.
#pragma once

#include <algorithm>
#include <array>

#include "catalogue/at_terminal.hpp"
#include "catalogue/audit.hpp"
#include "catalogue/cards.hpp"
#include "catalogue/care.hpp"
#include "catalogue/cases.hpp"
#include "catalogue/decisions.hpp"
#include "catalogue/endings.hpp"
#include "catalogue/events.hpp"
#include "catalogue/guidance.hpp"
#include "catalogue/help.hpp"
#include "catalogue/inquiry.hpp"
#include "catalogue/pins.hpp"
#include "catalogue/privacy.hpp"
#include "catalogue/questions.hpp"
#include "catalogue/workbench.hpp"

namespace madoguchi::cli {
namespace texts {

template <std::size_t... Sizes>
consteval auto all_of(const std::array<Entry, Sizes>&... parts) {
  std::array<Entry, (Sizes + ...)> all{};
  auto place = all.begin();
  ((place = std::copy(parts.begin(), parts.end(), place)), ...);
  return all;
}

}  // namespace texts

inline constexpr auto catalogue =
    texts::all_of(texts::audit, texts::care, texts::endings, texts::cards, texts::decisions, texts::cases,
                  texts::inquiry, texts::pins, texts::guidance, texts::questions, texts::events, texts::help,
                  texts::workbench, texts::at_terminal, texts::privacy);

}  // namespace madoguchi::cli
