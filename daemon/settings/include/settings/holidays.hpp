// National holidays as data: the file that a policy names, and the Cabinet Office's list that it is made
// from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/policy.hpp"
#include "settings/complaint.hpp"

namespace madoguchi::settings {

struct HolidayList {
  base::Date from{};  // the days that the list speaks of, whole years
  base::Date to{};
  std::vector<policy::Holiday> holidays;  // by day
};

// config/holidays/japan.yaml.
Loaded<HolidayList> load_holidays(std::string_view text, const std::string& file);

// The same file's text from the Cabinet Office's syukujitsu.csv (国民の祝日・休日月日,国民の祝日・休日名称),
// given as UTF-8, for the years `first` to `last`. Complains about lines that are no holiday and about years
// without any.
Loaded<std::string> import_holidays(std::string_view csv, const std::string& file, int first, int last);

}  // namespace madoguchi::settings
