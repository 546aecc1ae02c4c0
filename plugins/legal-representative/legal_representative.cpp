// Who must come for a child or an adult ward, and how they prove it.
#include <madoguchi/plugin.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace {

using namespace madoguchi::plugin;

// One paper that proves representation, as the policy wants it.
struct Proof {
  std::string document;
  std::vector<std::string> instead;   // documents that serve as well
  std::optional<int> max_age_months;  // since its issue
  bool original = false;
  [[nodiscard]] bool accepts(const std::string& type) const {
    return type == document || std::find(instead.begin(), instead.end(), type) != instead.end();
  }
};

// What is wrong with a paper that was brought.
struct Flaws {
  bool too_old = false;
  bool copy = false;
  [[nodiscard]] int count() const { return int{too_old} + int{copy}; }
};

enum class Waiver : std::uint8_t { same_household_parent, domicile_in_city };
constexpr std::array<std::string_view, 2> waiver_names{"same_household_parent", "domicile_in_city"};

class LegalRepresentative {
 public:
  static constexpr const char* name = MADOGUCHI_PLUGIN_NAME;
  static constexpr const char* version = MADOGUCHI_PLUGIN_VERSION;
  static constexpr const char* vendor = MADOGUCHI_PLUGIN_VENDOR;

  static constexpr std::array codes{
      Code{"legal_representative.required", Severity::block,
           "規定の年齢に満たない方・成年被後見人の方の手続きは、法定代理人が行います。法定代理人が、本人のマ"
           "イナンバーカード"
           "と法定代理人の顔写真付き"
           "本人確認書類を持ってお越しください。",
           "A child below the age of capacity or an adult ward is represented by law: the legal "
           "representative has to "
           "come, with the holder's card and their own official photo identity document."},
      Code{"legal_representative.not_applicable", Severity::info,
           "本人は法定代理人を要しません。任意代理人として受け付けてください。",
           "The holder needs no legal representative; receive this visitor as a proxy."},
      Code{"legal_representative.proof_missing", Severity::require,
           "法定代理人であることを確認できる{document}が必要です。お持ちのうえ、もう一度お越しください。",
           "That the visitor represents the holder has to be proven by {document}; come again and bring it."},
      Code{"legal_representative.proof_too_old", Severity::require,
           "{document}は発行後{months}"
           "か月以内のものが必要です。発行日を確認し、過ぎていれば新しいものをお持ちください。",
           "Of {document} one issued within {months} months is needed; check its date of issue, and bring a "
           "new one "
           "if it is older."},
      Code{"legal_representative.proof_not_original", Severity::require,
           "{document}は原本が必要です。写しではなく原本をお持ちください。",
           "The original of {document} is needed; bring it instead of the copy."},
  };

  static constexpr std::string_view section_schema = R"({
    "type": "object",
    "additionalProperties": false,
    "required": ["child", "adult_ward"],
    "properties": {
      "purposes": {
        "description": "for which purposes a representative has to come; a look at the last day is the holder's own matter",
        "type": "array", "minItems": 1, "uniqueItems": true,
        "items": {"enum": ["renewal", "expiry_check", "pin_reset"]},
        "default": ["renewal", "pin_reset"]
      },
      "child": {
        "type": "object", "additionalProperties": false, "required": ["document"],
        "properties": {
          "document": {"description": "proves who the parents or guardians of a child are", "type": "string"},
          "instead": {"description": "document types that prove it as well", "type": "array", "minItems": 1, "uniqueItems": true, "items": {"type": "string"}},
          "max_age_months": {"description": "how old it may be; absent: any age", "type": "integer", "minimum": 1, "maximum": 120},
          "original": {"description": "a copy does not serve", "type": "boolean", "default": false},
          "waived_for": {
            "description": "when the counter can see it without the paper",
            "type": "array", "uniqueItems": true,
            "items": {"enum": ["same_household_parent", "domicile_in_city"]}
          }
        }
      },
      "adult_ward": {
        "type": "object", "additionalProperties": false, "required": ["document"],
        "properties": {
          "document": {"description": "proves who the guardian is", "type": "string"},
          "instead": {"description": "document types that prove it as well", "type": "array", "minItems": 1, "uniqueItems": true, "items": {"type": "string"}},
          "max_age_months": {"description": "how old it may be; absent: any age", "type": "integer", "minimum": 1, "maximum": 120},
          "original": {"description": "a copy does not serve", "type": "boolean", "default": false}
        }
      }
    }
  })";

  static LegalRepresentative read(Section& section, const City& city) {
    LegalRepresentative rules;
    section.not_empty("purposes");
    if (section.has("purposes")) {
      rules.purposes_.clear();
      section.texts("purposes", [&](const std::string& text, const std::string& place) {
        const auto found = std::find(purpose_names.begin(), purpose_names.end(), text);
        if (found == purpose_names.end()) {
          section.complain_at(place,
                              "expected one of renewal, expiry_check, pin_reset, found \"" + text + "\"");
        } else {
          rules.purposes_.push_back(static_cast<Purpose>(found - purpose_names.begin()));
        }
      });
    }
    if (!section.has("child")) section.complain("", "missing: child");
    section.section("child", [&](Section& s) {
      rules.child_ = read_proof(s, city);
      s.texts("waived_for", [&](const std::string& text, const std::string& place) {
        const auto found = std::find(waiver_names.begin(), waiver_names.end(), text);
        if (found == waiver_names.end()) {
          s.complain_at(place,
                        "expected one of same_household_parent, domicile_in_city, found \"" + text + "\"");
        } else {
          rules.waivers_.push_back(static_cast<Waiver>(found - waiver_names.begin()));
        }
      });
    });
    if (!section.has("adult_ward")) section.complain("", "missing: adult_ward");
    section.section("adult_ward", [&](Section& s) { rules.ward_ = read_proof(s, city); });
    return rules;
  }

  void decide(const Visit& visit, Answer& answer) const {
    const bool represented = visit.visitor.role == Role::legal_representative;
    if (!visit.needs_representative && visit.acting_as != Role::legal_representative) {
      if (represented) answer.say("legal_representative.not_applicable", "");
      return;
    }
    if (std::find(purposes_.begin(), purposes_.end(), visit.purpose) == purposes_.end()) return;
    // Without the representative their papers are no gap of today's visitor.
    if (!represented) return answer.say("legal_representative.required", "");
    // Of an adult who is no ward: a curator or an assistant, whose powers the policy lets count.
    if (visit.holder.adult_ward || of_age(visit)) {
      prove(visit, ward_, "/adult_ward", answer);
    } else if (!waived(visit)) {
      prove(visit, child_, "/child", answer);
    }
  }

 private:
  // Civil Code 4. A year of age is completed at the end of the day before the birthday
  // (年齢計算ニ関スル法律), so that somebody born on 29 February is of age on 1 March.
  static bool of_age(const Visit& visit) {
    constexpr int months_of_majority = 18 * 12;
    return add_months_clamped(add_days(visit.holder.birth_date, -1), months_of_majority) < visit.day;
  }

  static Proof read_proof(Section& section, const City& city) {
    Proof proof;
    if (!section.has("document")) section.complain("", "missing: document");
    if (const auto document = section.text("document")) {
      proof.document = *document;
      if (!city.has_document(*document))
        section.complain("document", "no document type \"" + *document + "\" in this policy");
    }
    section.not_empty("instead");
    section.texts("instead", [&](const std::string& document, const std::string& place) {
      if (!city.has_document(document))
        section.complain_at(place, "no document type \"" + document + "\" in this policy");
      proof.instead.push_back(document);
    });
    const auto months = section.integer("max_age_months", 1, 120, 0);
    if (months > 0) proof.max_age_months = static_cast<int>(months);
    proof.original = section.flag("original", false);
    return proof;
  }

  [[nodiscard]] bool waived(const Visit& visit) const {
    return std::any_of(waivers_.begin(), waivers_.end(), [&](Waiver waiver) {
      switch (waiver) {
        case Waiver::same_household_parent:
          return visit.visitor.same_household && visit.visitor.relationship == Relationship::parent;
        case Waiver::domicile_in_city:
          break;
      }
      return visit.holder.domicile_in_city;
    });
  }

  static Flaws flaws(const Visit& visit, const Proof& proof, const Document& document) {
    Flaws flaws;
    flaws.copy = proof.original && !document.original;
    if (proof.max_age_months) {
      // Civil Code 140 and 143: the day of issue is not counted, so the corresponding day is still within. A
      // date that is not told, or not yet come, proves nothing.
      const auto& issued = document.issued_on;
      const bool fresh =
          issued && *issued <= visit.day && visit.day <= add_months_clamped(*issued, *proof.max_age_months);
      flaws.too_old = !fresh;
    }
    return flaws;
  }

  // Of several such papers the best one counts.
  static std::optional<Flaws> best(const Visit& visit, const Proof& proof) {
    std::optional<Flaws> best;
    for (const auto& document : visit.documents) {
      if (!proof.accepts(document.type)) continue;
      const auto found = flaws(visit, proof, document);
      if (!best || found.count() < best->count()) best = found;
    }
    return best;
  }

  static Param named(const Proof& proof) {
    if (proof.document == "family_register") {
      return {"document", json::string(proof.document), "戸籍謄本", "the family register (koseki)"};
    }
    if (proof.document == "guardianship_registration") {
      return {"document", json::string(proof.document), "登記事項証明書",
              "the certificate of the guardianship registration"};
    }
    return {"document", json::string(proof.document), proof.document, proof.document};
  }

  static void prove(const Visit& visit, const Proof& proof, const std::string& place, Answer& answer) {
    const auto found = best(visit, proof);
    const auto document = named(proof);
    if (!found) answer.say("legal_representative.proof_missing", place + "/document", {document});
    if (found && found->too_old) {
      answer.say("legal_representative.proof_too_old", place + "/max_age_months",
                 {document, param("months", std::int64_t{proof.max_age_months.value_or(0)})});
    }
    if (found && found->copy)
      answer.say("legal_representative.proof_not_original", place + "/original", {document});
    if (!found || found->count() > 0) answer.miss(proof.document);
  }

  std::vector<Purpose> purposes_{Purpose::renewal, Purpose::pin_reset};
  Proof child_;
  std::vector<Waiver> waivers_;
  Proof ward_;
};

}  // namespace

MADOGUCHI_PLUGIN(LegalRepresentative)
