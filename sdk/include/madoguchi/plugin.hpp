// The C++20 way to write a plugin. A plugin is a class with
//
//   static constexpr const char* name, *version, *vendor;      as in the manifest
//   static constexpr std::array<Code, N> codes;                what it may say (N may be 0)
//   static constexpr std::string_view section_schema;          JSON Schema of its section of a policy
//   static P read(Section& section, const City& city);         a section in, an instance out; complains
//   through `section`
//
// and whichever of these members it takes part in, all const and without side effects:
//
//   void decide(const Visit&, Answer&) const;
//   std::vector<Change> schedule(const Period&) const;
//   Step advance(const Case&, const Event&, json::object state) const;    an event of a case that it follows
//   Step call(const Call&, json::object state) const;                     a method of its own
//     together with: static constexpr std::string_view methods;   JSON array of {verb, summary, params,
//     result, roles, touches, reads?, states?}
//
// MADOGUCHI_PLUGIN(P) makes the exported function. Whatever is thrown ends at the barrier here and is an
// answer that denies.
#pragma once

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/serialize.hpp>
#include <concepts>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "madoguchi/abi.h"
#include "madoguchi/answer.hpp"
#include "madoguchi/json.hpp"
#include "madoguchi/section.hpp"
#include "madoguchi/step.hpp"
#include "madoguchi/visit.hpp"

namespace madoguchi::plugin {

// The daemon's log. Never write a person's data to it.
class Log {
 public:
  explicit Log(const MadoguchiHost& host) : host_(&host) {}
  void debug(std::string_view line) const { write(MADOGUCHI_LOG_DEBUG, line); }
  void info(std::string_view line) const { write(MADOGUCHI_LOG_INFO, line); }
  void warning(std::string_view line) const { write(MADOGUCHI_LOG_WARNING, line); }
  void error(std::string_view line) const { write(MADOGUCHI_LOG_ERROR, line); }

 private:
  void write(std::int32_t level, std::string_view line) const {
    host_->log(host_->state_host, level, line.data(), line.size());
  }
  const MadoguchiHost* host_;
};

namespace detail {

template <class P>
concept Decides = requires(const P plugin, const Visit visit, Answer answer) {
  plugin.decide(visit, answer);
};
template <class P>
concept Schedules = requires(const P plugin, const Period period) {
  plugin.schedule(period);
};
template <class P>
concept Advances = requires(const P plugin, const Case visit, const Event event, json::object state) {
  plugin.advance(visit, event, state);
};
template <class P>
concept Called = requires(const P plugin, const Call call, json::object state) {
  plugin.call(call, state);
};
// With a log to keep, read() takes it as a third argument.
template <class P>
concept Logs = requires(Section section, const City city, const Log log) {
  P::read(section, city, log);
};

inline bool send(const MadoguchiWriter& writer, const json::value& document) {
  json::serializer serializer;
  serializer.reset(&document);
  char buffer[4096];
  while (!serializer.done()) {
    const auto piece = serializer.read(buffer);
    if (writer.write(writer.state_host, piece.data(), piece.size()) != 0) return false;
  }
  return true;
}

// The exception barrier: `answer` gives a document, or throws.
template <class Make>
MadoguchiStatus answer(const MadoguchiWriter& writer, const Make& make) noexcept {
  const auto say = [&](MadoguchiStatus status, const char* why) noexcept {
    try {
      return send(writer, json::object{{"error", why}}) ? status : MADOGUCHI_FAILED;
    } catch (...) {
      return MADOGUCHI_FAILED;
    }
  };
  try {
    return send(writer, make()) ? MADOGUCHI_OK : MADOGUCHI_FAILED;
  } catch (const BadRequest& error) {
    return say(MADOGUCHI_REFUSED, error.what());
  } catch (const std::exception& error) {
    return say(MADOGUCHI_FAILED, error.what());
  } catch (...) {
    return say(MADOGUCHI_FAILED, "something that is no std::exception was thrown");
  }
}

// A request, parsed into memory that is given back at once.
class Request {
 public:
  explicit Request(MadoguchiText text)
      : memory_(buffer_, sizeof buffer_),
        value_(json::parse(json::string_view(text.data_borrowed, text.size), &memory_)) {
    if (!value_.is_object()) throw BadRequest("the request is not an object");
  }
  [[nodiscard]] const json::object& object() const { return value_.get_object(); }

 private:
  unsigned char buffer_[16 * 1024];
  json::monotonic_resource memory_;
  json::value value_;
};

inline Words words_in(const json::value& told) {
  return {std::string(told.at("ja").as_string()), std::string(told.at("en").as_string())};
}

inline City city_in(const json::object& request) {
  City city;
  const auto& told = request.at("city").as_object();
  for (const auto& id : told.at("offices").as_array()) city.offices.emplace_back(id.as_string());
  for (const auto& type : told.at("document_types").as_array())
    city.document_types.emplace_back(type.as_string());
  if (const auto* details = told.if_contains("office_details")) {
    for (const auto& office : details->as_array()) {
      const auto* label = office.as_object().if_contains("queue_label");
      city.office_details.push_back({std::string(office.at("id").as_string()), words_in(office.at("name")),
                                     own(office.at("contact")),
                                     label == nullptr ? std::nullopt : std::optional(words_in(*label))});
    }
  }
  if (const auto* name = told.if_contains("name")) city.name = words_in(*name);
  if (const auto* names = told.if_contains("document_names")) {
    for (const auto& one : names->as_object()) city.document_names.emplace(one.key(), words_in(one.value()));
  }
  return city;
}

inline json::array listed(const std::vector<Complaint>& complaints) {
  json::array list;
  for (const auto& c : complaints)
    list.push_back(json::object{{"pointer", c.pointer}, {"message", c.message}});
  return list;
}

inline json::array listed(const std::vector<Interval>& intervals) {
  json::array list;
  for (const auto& i : intervals) {
    json::array times{format_clock(i.from), format_clock(i.to)};
    if (i.last_at) times.emplace_back(format_clock(*i.last_at));
    list.push_back(std::move(times));
  }
  return list;
}

// The functions behind the descriptor of one plugin class.
template <class P>
struct Hooks {
  static std::unique_ptr<const P> made(const json::object& request, const MadoguchiHost& host,
                                       Report& report) {
    const auto city = city_in(request);
    std::unique_ptr<const P> plugin;
    Section::read(request.at("section").as_object(), "", report, [&](Section& section) {
      if constexpr (Logs<P>) {
        plugin = std::make_unique<const P>(P::read(section, city, Log(host)));
      } else {
        plugin = std::make_unique<const P>(P::read(section, city));
      }
    });
    return plugin;
  }

  static MadoguchiStatus describe(const MadoguchiHost*, const MadoguchiWriter* writer) {
    return answer(*writer, [] {
      json::array codes;
      for (const auto& row : P::codes) {
        codes.push_back(json::object{{"code", row.code},
                                     {"severity", severity_names[static_cast<std::size_t>(row.severity)]},
                                     {"ja", row.ja},
                                     {"en", row.en}});
      }
      json::object about{{"section", json::parse(json::string_view(P::section_schema))},
                         {"codes", std::move(codes)}};
      if constexpr (Called<P>) {
        about["methods"] = json::parse(json::string_view(P::methods));
      } else {
        about["methods"] = json::array();
      }
      return about;
    });
  }

  static MadoguchiStatus check(const MadoguchiHost* host, MadoguchiText text, const MadoguchiWriter* writer) {
    return answer(*writer, [&] {
      const Request request(text);
      Report report;
      made(request.object(), *host, report);
      return json::object{{"complaints", listed(report.complaints)}, {"notices", listed(report.notices)}};
    });
  }

  static MadoguchiStatus create(const MadoguchiHost* host, MadoguchiText text, const MadoguchiWriter* writer,
                                void** instance) {
    return answer(*writer, [&] {
      const Request request(text);
      Report report;
      auto plugin = made(request.object(), *host, report);
      if (!report.complaints.empty()) throw BadRequest("a section that `check` does not accept");
      *instance = const_cast<P*>(plugin.release());
      return json::object();
    });
  }

  static void destroy(void* instance) { delete static_cast<const P*>(instance); }

  static const P& of(void* instance) { return *static_cast<const P*>(instance); }

  static MadoguchiStatus decide(void* instance, MadoguchiText text,
                                const MadoguchiWriter* writer) requires Decides<P> {
    return answer(*writer, [&] {
      const Request request(text);
      Answer said(P::codes);
      of(instance).decide(visit_in(request.object()), said);
      return said.to_json();
    });
  }

  static MadoguchiStatus schedule(void* instance, MadoguchiText text,
                                  const MadoguchiWriter* writer) requires Schedules<P> {
    return answer(*writer, [&] {
      const Request request(text);
      const auto& asked = request.object();
      Period period{std::string(asked.at("office").as_string()), date_of(asked.at("from")),
                    date_of(asked.at("to"))};
      for (const auto& day : asked.at("holidays").as_array()) period.holidays.push_back(date_of(day));
      // A daemon that does not tell them yet opens on them what a plugin opens.
      if (const auto* days = asked.if_contains("year_end")) {
        for (const auto& day : days->as_array()) period.year_end.push_back(date_of(day));
      }
      json::array days;
      for (const Change& change : of(instance).schedule(period)) {
        days.push_back(json::object{{"day", format_date(change.day)},
                                    {"opened", listed(change.opened)},
                                    {"closed", listed(change.closed)}});
      }
      return json::object{{"days", std::move(days)}};
    });
  }

  static MadoguchiStatus advance(void* instance, MadoguchiText text,
                                 const MadoguchiWriter* writer) requires Advances<P> {
    return answer(*writer, [&] {
      const Request request(text);
      const auto& told = request.object();
      return of(instance)
          .advance(case_in(told.at("case")), event_in(told.at("event")), state_in(told))
          .to_json(false);
    });
  }

  static MadoguchiStatus call(void* instance, MadoguchiText text,
                              const MadoguchiWriter* writer) requires Called<P> {
    return answer(*writer, [&] {
      const Request request(text);
      try {
        return of(instance).call(call_in(request.object()), state_in(request.object())).to_json(true);
      } catch (const Refusal& why) {
        return json::object{{"refused", json::object{{"ja", why.ja}, {"en", why.en}}}};
      }
    });
  }
};

template <class P>
constexpr MadoguchiPlugin descriptor() {
  MadoguchiPlugin plugin{};
  plugin.struct_size = sizeof(MadoguchiPlugin);
  plugin.abi_major = MADOGUCHI_ABI_MAJOR;
  plugin.abi_minor = MADOGUCHI_ABI_MINOR;
  plugin.name = P::name;
  plugin.version = P::version;
  plugin.vendor = P::vendor;
  plugin.threads = MADOGUCHI_THREADS_SERIAL;
  plugin.describe = &Hooks<P>::describe;
  plugin.check = &Hooks<P>::check;
  plugin.create = &Hooks<P>::create;
  plugin.destroy = &Hooks<P>::destroy;
  if constexpr (Decides<P>) {
    plugin.hooks |= MADOGUCHI_HOOK_DECIDE;
    plugin.decide = &Hooks<P>::decide;
  }
  if constexpr (Schedules<P>) {
    plugin.hooks |= MADOGUCHI_HOOK_SCHEDULE;
    plugin.schedule = &Hooks<P>::schedule;
  }
  if constexpr (Advances<P>) {
    plugin.hooks |= MADOGUCHI_HOOK_ADVANCE;
    plugin.advance = &Hooks<P>::advance;
  }
  if constexpr (Called<P>) {
    plugin.hooks |= MADOGUCHI_HOOK_CALL;
    plugin.call = &Hooks<P>::call;
  }
  return plugin;
}

}  // namespace detail
}  // namespace madoguchi::plugin

// At namespace scope, once in a plugin.
#define MADOGUCHI_PLUGIN(P)                                                                 \
  extern "C" MADOGUCHI_EXPORT const MadoguchiPlugin* madoguchi_plugin_query(void) {         \
    static constexpr MadoguchiPlugin plugin = ::madoguchi::plugin::detail::descriptor<P>(); \
    return &plugin;                                                                         \
  }
