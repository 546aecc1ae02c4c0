// Policy files that are wrong in what they say: documents, offices, hours, texts.
#include <gmock/gmock.h>

#include "good_policy.hpp"

namespace madoguchi::settings {
namespace {

class PolicyFileBadRules : public testing::TestWithParam<Bad> {};

TEST_P(PolicyFileBadRules, with_exactly_these_complaints) {
  expect_complaints(GetParam());
}

const std::string none_given =
    ": expected at least one, found an empty list; leave the key out to have it as usual";

const std::vector<Bad> bad_files{
    {"unknown_document",
     "type: passport",
     "type: pasport",
     {"p:18:14: documents.identity[0].type: expected one of expiry_notice, reply_form, my_number_card, "
      "drivers_licence, "
      "passport, residence_card, disability_handbook, health_insurance_card, eligibility_certificate, "
      "company_badge, "
      "family_register, guardianship_registration, found \"pasport\"; did you mean \"passport\"?"}},
    {"nothing_more_to_bring",
     "  identity:",
     "  holder_also_brings: []\n  identity:",
     {"p:17:23: documents.holder_also_brings" + none_given}},
    {"nothing_known_to_bring",
     "  identity:",
     "  holder_also_brings: [reply_forms]\n  identity:",
     {"p:17:24: documents.holder_also_brings[0]: no document type \"reply_forms\" in this policy"}},
    {"document_twice",
     "    - {type: drivers_licence}",
     "    - {type: drivers_licence}\n    - {type: drivers_licence}",
     {"p:21:14: documents.photo_identity[1].type: \"drivers_licence\" stands here a second time"}},
    {"own_type_known_everywhere",
     "  identity:",
     "  own_types: [passport]\n  identity:",
     {"p:17:15: documents.own_types[0]: \"passport\" is known everywhere; take it out"}},
    {"foreign_channel",
     "[counter]",
     "[counter, onlin]",
     {"p:3:21: channels[1]: expected one of counter, online, phone, mail, found \"onlin\"; did you mean "
      "\"online\"?"}},
    {"minimum_over_maximum",
     "signature: {min_length: 6, max_length: 16,",
     "signature: {min_length: 6, max_length: 5,",
     {"p:22:42: pins.signature.max_length: expected no less than min_length (6)"}},
    {"notice_turned_round",
     "to_months_before: 2",
     "to_months_before: 4",
     {"p:14:51: notice.to_months_before: expected no more than from_months_before (3)"}},
    {"office_twice",
     "  - id: main",
     "  - {id: main, name: {ja: 別館, en: Annex}, hours: {}}\n  - id: main",
     {"p:31:9: offices[1].id: the office \"main\" stands here a second time"}},
    {"office_id_with_capitals",
     "  - id: main",
     "  - id: Main",
     {"p:30:9: offices[0].id: expected lower-case letters, digits, '-' and '_' only"}},
    {"no_japanese",
     "{ja: 本庁, en: City hall}",
     "{en: City hall}",
     {"p:31:5: offices[0].name.ja: missing; expected a text of at most 1024 bytes"}},
    {"impossible_time",
     "08:30-17:15",
     "08:30-25:15",
     {"p:32:23: offices[0].hours.mon-fri[0]: expected a time of day from-to such as \"08:30-17:15\", found "
      "\"08:30-25:15\""}},
    {"sloppy_time",
     "08:30-17:15",
     "8:30-17:15",
     {"p:32:23: offices[0].hours.mon-fri[0]: expected a time of day from-to such as \"08:30-17:15\", found "
      "\"8:30-17:15\""}},
    {"times_turned_round",
     "08:30-17:15",
     "17:15-08:30",
     {"p:32:23: offices[0].hours.mon-fri[0]: expected a time of day from-to such as \"08:30-17:15\", found "
      "\"17:15-08:30\""}},
    {"intervals_that_overlap",
     "[\"08:30-17:15\"]",
     "[\"08:30-12:00\", \"11:00-17:15\"]",
     {"p:32:38: offices[0].hours.mon-fri[1]: begins before the one before it has ended (08:30-12:00)"}},
    {"one_interval_without_a_list",
     "[\"08:30-17:15\"]",
     "\"08:30-17:15\"",
     {"p:32:22: offices[0].hours.mon-fri: expected a list of times of day from-to, such as "
      "[\"08:30-17:15\"]"}},
    {"a_last_reception_outside_of_its_hours",
     "[\"08:30-17:15\"]",
     "[{hours: \"08:30-12:00\", last_at: \"12:30\"}, {hours: \"13:00-17:15\", last: \"16:00\"}]",
     {"p:32:55: offices[0].hours.mon-fri[0].last_at: lies outside of its hours (08:30-12:00)",
      "p:32:65: offices[0].hours.mon-fri[1].last_at: missing; expected a time of day such as \"18:45\"",
      "p:32:88: offices[0].hours.mon-fri[1].last: unknown key; known here: hours, last_at"}},
    {"weekday_misspelt",
     "mon-fri:",
     "mo-fri:",
     {"p:32:13: offices[0].hours.mo-fri: expected a day or a range of days such as mon, mon-fri, found "
      "\"mo-fri\""}},
    {"weekday_in_two_ranges",
     "{mon-fri: [\"08:30-17:15\"]}",
     "{mon-fri: [\"08:30-17:15\"], wed: [\"08:30-19:00\"]}",
     {"p:32:39: offices[0].hours.wed: wed has its hours already, above"}},
    {"impossible_day_of_the_year",
     "calendar: {holidays: holidays.yaml}",
     "calendar: {holidays: holidays.yaml, year_end: {from: 12-29, to: 02-30}}",
     {"p:27:65: calendar.year_end.to: expected a day of the year, MM-DD, found \"02-30\""}},
    {"holidays_that_are_not_there",
     "calendar: {holidays: holidays.yaml}",
     "calendar: {holidays: ../feasts.yaml}",
     {"p:27:22: calendar.holidays: cannot be read: no such file"}},
    {"last_reception_of_a_day_that_is_longer",
     "reception: {lead_minutes: 15, enforcement: advise}",
     "reception: {lead_minutes: 15, last_at: 24:30, enforcement: advice}",
     {"p:28:40: reception.last_at: expected a time of day such as \"18:45\", found \"24:30\"",
      "p:28:60: reception.enforcement: expected one of advise, refuse, found \"advice\"; did you mean "
      "\"advise\"?"}},
    {"on_holidays_perhaps",
     "    hours: {mon-fri",
     "    holidays: open\n    hours: {mon-fri",
     {"p:32:15: offices[0].holidays: expected one of closed, as_weekday, found \"open\""}},
    {"crowded_whenever",
     "fees:",
     "crowding: [{}]\nfees:",
     {"p:26:12: crowding[0]: says no time; give `when`, `days` or `hours`"}},
    {"lists_that_would_turn_a_rule_off",
     "    hours: {mon-fri: [\"08:30-17:15\"]}",
     "    hours: {mon-fri: [\"08:30-17:15\"]}\n    holidays: {hours: [], except: []}\n    reservations:\n"
     "      - {need: required, days: [], services: [], how: {ja: a, en: b}}\ncrowding: [{days: []}]\n"
     "application_channels: []",
     {"p:33:35: offices[0].holidays.except" + none_given,
      "p:35:32: offices[0].reservations[0].days" + none_given,
      "p:35:46: offices[0].reservations[0].services" + none_given, "p:36:19: crowding[0].days" + none_given,
      "p:37:23: application_channels" + none_given}},
    {"text_with_a_parameter_that_is_not_there",
     "fees:",
     "texts: {window.too_early: {ja: \"{opens}から\", en: \"{opens_on}\"}}\nfees:",
     {"p:26:32: texts.window.too_early.ja: {opens} is unknown here; known: {opens_on}, {first_counter_day}"}},
    {"text_of_a_finding_that_is_not_there",
     "fees:",
     "texts: {window.early: {ja: a, en: b}}\nfees:",
     {"p:26:9: texts.window.early: unknown key; did you mean \"window.too_early\"?"}},
    {"text_of_a_plugin_without_a_section",
     "fees:",
     "texts: {proxy.reply_form_missing: {ja: a, en: b}}\nplugins: {legal-representative: {}}\nfees:",
     {"p:26:9: texts.proxy.reply_form_missing: unknown key; known here: "
      "calendar.holidays_unknown, card.renewal_required, certificate.capped, certificate.expired, "
      "certificate.not_issued, certificate.revoked, certificate.state_needed, certificate.unknown, "
      "channel.application_only, channel.counter_only, channel.new_issuance, crowding.expected, "
      "documents.missing, expiry_check.holder_only, expiry_check.other_ways, "
      "expiry_check.pin_needed, notice.expected, "
      "office.after_last_reception, office.closed, office.service_not_offered, "
      "pin.nothing_to_reset, pin.reset_required, pin.retry_possible, reception.limited, "
      "reservation.expected, "
      "residence.not_registered_here, window.too_early"}},
    {"in_force_backwards",
     "version: \"1\"",
     "version: \"1\"\neffective_from: 2026-04-01\neffective_to: 2026-03-31",
     {"p:4:15: effective_to: expected no day before effective_from (2026-04-01)"}},
    {"availability_two_ways",
     "fees:",
     "availability: {caveat: {ja: a, en: b}, services: [{id: x, name: {ja: a, en: b}, renewal: {hours: 1, "
     "days: "
     "1}}]}\nfees:",
     {"p:26:81: availability.services[0].renewal: give exactly one of `hours`, `days` and "
      "`applied_at_once`"}},
    {"plugin_without_a_section",
     "fees:",
     "plugins: {holiday-openings: true}\nfees:",
     {"p:26:29: plugins.holiday-openings: expected a mapping"}},
};

INSTANTIATE_TEST_SUITE_P(Table, PolicyFileBadRules, testing::ValuesIn(bad_files),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace madoguchi::settings
