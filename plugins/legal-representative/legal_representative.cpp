// Who must come for a child or an adult ward, and how they prove it.
#include <madoguchi/plugin.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace {

using namespace madoguchi::plugin;

// A paper that proves representation, as the policy wants it.
struct Paper {
  std::string document;
  std::optional<int> max_age_months;  // since its issue
  bool original = false;
  Words name{};
  std::string place;  // pointer into the section
};

// Any of these papers proves it; the first is the one that is asked for.
using Proof = std::vector<Paper>;

// What is wrong with a paper that was brought.
struct Flaws {
  const Paper* paper = nullptr;
  bool too_old = false;
  bool copy = false;
  [[nodiscard]] int count() const { return int{too_old} + int{copy}; }
};

enum class Waiver : std::uint8_t { same_household_parent, same_household, parent, domicile_in_city };
constexpr std::array<std::string_view, 4> waiver_names{"same_household_parent", "same_household", "parent",
                                                       "domicile_in_city"};

class LegalRepresentative {
 public:
  static constexpr const char* name = MADOGUCHI_PLUGIN_NAME;
  static constexpr const char* version = MADOGUCHI_PLUGIN_VERSION;
  static constexpr const char* vendor = MADOGUCHI_PLUGIN_VENDOR;

  static constexpr std::array codes{
      Code{"legal_representative.required", Severity::block,
           "{who}"
           "の手続きは、法定代理人が行います。法定代理人が、本人のマイナンバーカードと法定代理人の顔写真付き"
           "本人確認書類{proof}を持ってお越しください。",
           "{who} is represented by law: the legal representative has to come, with the holder's card and "
           "their "
           "own official photo identity document{proof}."},
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
    "definitions": {
      "proof_purposes": {
        "description": "for which purposes the paper is asked for; absent: for all for which a representative comes",
        "type": "array", "minItems": 1, "uniqueItems": true,
        "items": {"enum": ["renewal", "expiry_check", "pin_reset"]}
      },
      "instead": {
        "description": "document types that prove it as well, under the same conditions or, as a mapping, under their own",
        "type": "array", "minItems": 1, "uniqueItems": true,
        "items": {"anyOf": [
          {"type": "string"},
          {"type": "object", "additionalProperties": false, "required": ["document"],
           "properties": {
             "document": {"type": "string"},
             "max_age_months": {"type": "integer", "minimum": 1, "maximum": 120},
             "original": {"type": "boolean", "default": false}
           }}
        ]}
      }
    },
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
          "instead": {"$ref": "#/definitions/instead"},
          "purposes": {"$ref": "#/definitions/proof_purposes"},
          "max_age_months": {"description": "how old it may be; absent: any age", "type": "integer", "minimum": 1, "maximum": 120},
          "original": {"description": "a copy does not serve", "type": "boolean", "default": false},
          "waived_for": {
            "description": "when the counter can see it without the paper",
            "type": "array", "uniqueItems": true,
            "items": {"enum": ["same_household_parent", "same_household", "parent", "domicile_in_city"]}
          }
        }
      },
      "adult_ward": {
        "type": "object", "additionalProperties": false, "required": ["document"],
        "properties": {
          "document": {"description": "proves who the guardian is", "type": "string"},
          "instead": {"$ref": "#/definitions/instead"},
          "purposes": {"$ref": "#/definitions/proof_purposes"},
          "max_age_months": {"description": "how old it may be; absent: any age", "type": "integer", "minimum": 1, "maximum": 120},
          "original": {"description": "a copy does not serve", "type": "boolean", "default": false}
        }
      }
    }
  })";

  static LegalRepresentative read(Section& section, const City& city) {
    LegalRepresentative rules;
    read_purposes(section, rules.purposes_);
    if (!section.has("child")) section.complain("", "missing: child");
    section.section("child", [&](Section& s) {
      rules.child_ = read_proof(s, city);
      read_purposes(s, rules.child_purposes_);
      s.texts("waived_for", [&](const std::string& text, const std::string& place) {
        const auto found = std::find(waiver_names.begin(), waiver_names.end(), text);
        if (found == waiver_names.end()) {
          s.complain_at(place,
                        "expected one of same_household_parent, same_household, parent, domicile_in_city, "
                        "found \"" +
                            text + "\"");
        } else {
          rules.waivers_.push_back(static_cast<Waiver>(found - waiver_names.begin()));
        }
      });
    });
    if (!section.has("adult_ward")) section.complain("", "missing: adult_ward");
    section.section("adult_ward", [&](Section& s) {
      rules.ward_ = read_proof(s, city);
      read_purposes(s, rules.ward_purposes_);
    });
    return rules;
  }

  void decide(const Visit& visit, Answer& answer) const {
    const bool represented = visit.visitor.role == Role::legal_representative;
    if (!visit.needs_representative && visit.acting_as != Role::legal_representative) {
      if (represented) answer.say("legal_representative.not_applicable", "");
      return;
    }
    if (!among(purposes_, visit.purpose)) return;
    // Without the representative their papers are no gap of today's visitor.
    if (!represented) return answer.say("legal_representative.required", "", {who(visit), to_prove(visit)});
    const auto* proof = proof_for(visit);
    if (proof != nullptr && (proof == &ward_ || !waived(visit))) prove(visit, *proof, answer);
  }

 private:
  // Civil Code 4. A year of age is completed at the end of the day before the birthday
  // (年齢計算ニ関スル法律), so that somebody born on 29 February is of age on 1 March.
  static bool of_age(const Visit& visit) {
    constexpr int months_of_majority = 18 * 12;
    return add_months_clamped(add_days(visit.holder.birth_date, -1), months_of_majority) < visit.day;
  }

  // What is asked for where nothing is waived; null: no paper for this purpose.
  [[nodiscard]] const Proof* proof_for(const Visit& visit) const {
    // Of an adult who is no ward: a curator or an assistant, whose powers the policy lets count.
    const bool ward = visit.holder.adult_ward || of_age(visit);
    if (!among(ward ? ward_purposes_ : child_purposes_, visit.purpose)) return nullptr;
    return ward ? &ward_ : &child_;
  }

  static Param who(const Visit& visit) {
    if (visit.holder.adult_ward) return {"who", "adult_ward", "成年被後見人の方", "An adult ward"};
    if (!visit.age_of_capacity)
      return {"who", "child", "規定の年齢に満たない方", "A child below the age of capacity"};
    const auto age = std::to_string(*visit.age_of_capacity);
    return {"who", "child", age + "歳未満の方", "A child under " + age};
  }

  // For whoever will come, whom nothing is known of yet: with what may spare it.
  [[nodiscard]] Param to_prove(const Visit& visit) const {
    Param param{"proof", json::array(), {}, {}};
    const auto* proof = proof_for(visit);
    const bool child = proof == &child_;
    if (proof == nullptr || (child && spared_by_domicile(visit))) return param;
    Words papers;
    for (const auto& paper : *proof) {
      param.value.get_array().emplace_back(paper.document);
      const auto asked = described(paper);
      papers.ja += (papers.ja.empty() ? "" : "または") + asked.ja;
      papers.en += (papers.en.empty() ? "" : " or ") + asked.en;
    }
    const auto unless = child ? spared_in_words() : Words{};
    param.ja = "、法定代理人であることを確認できる" + papers.ja + unless.ja;
    param.en = ", and " + papers.en + " to prove it" + unless.en;
    return param;
  }

  static bool among(const std::vector<Purpose>& purposes, Purpose purpose) {
    return std::find(purposes.begin(), purposes.end(), purpose) != purposes.end();
  }

  // As they were when the key is not there.
  static void read_purposes(Section& section, std::vector<Purpose>& purposes) {
    section.not_empty("purposes");
    if (section.has("purposes")) purposes.clear();
    section.texts("purposes", [&](const std::string& text, const std::string& place) {
      const auto found = std::find(purpose_names.begin(), purpose_names.end(), text);
      if (found == purpose_names.end()) {
        section.complain_at(place,
                            "expected one of renewal, expiry_check, pin_reset, found \"" + text + "\"");
      } else {
        purposes.push_back(static_cast<Purpose>(found - purpose_names.begin()));
      }
    });
  }

  static Paper read_paper(Section& section, const City& city) {
    Paper paper;
    paper.place = section.pointer();
    if (!section.has("document")) section.complain("", "missing: document");
    if (const auto document = section.text("document")) {
      paper.document = *document;
      paper.name = city.document_name(*document);
      if (!city.has_document(*document))
        section.complain("document", "no document type \"" + *document + "\" in this policy");
    }
    const auto months = section.integer("max_age_months", 1, 120, 0);
    if (months > 0) paper.max_age_months = static_cast<int>(months);
    paper.original = section.flag("original", false);
    return paper;
  }

  static Proof read_proof(Section& section, const City& city) {
    Proof proof{read_paper(section, city)};
    const auto add = [&](Paper paper, const std::string& place) {
      const bool twice = std::any_of(proof.begin(), proof.end(),
                                     [&](const Paper& other) { return other.document == paper.document; });
      if (twice) section.complain_at(place, "\"" + paper.document + "\" stands here a second time");
      proof.push_back(std::move(paper));
    };
    section.not_empty("instead");
    section.texts(
        "instead",
        [&](const std::string& document, const std::string& place) {
          if (!city.has_document(document))
            section.complain_at(place, "no document type \"" + document + "\" in this policy");
          auto paper = proof.front();
          paper.document = document;
          paper.name = city.document_name(document);
          add(std::move(paper), place);
        },
        [&](Section& s) { add(read_paper(s, city), s.pointer()); });
    return proof;
  }

  [[nodiscard]] bool waived(const Visit& visit) const {
    const bool household = visit.visitor.same_household;
    const bool parent = visit.visitor.relationship == Relationship::parent;
    return std::any_of(waivers_.begin(), waivers_.end(), [&](Waiver waiver) {
      switch (waiver) {
        case Waiver::same_household_parent:
          return household && parent;
        case Waiver::same_household:
          return household;
        case Waiver::parent:
          return parent;
        case Waiver::domicile_in_city:
          break;
      }
      return visit.holder.domicile_in_city;
    });
  }

  [[nodiscard]] bool spared_by_domicile(const Visit& visit) const {
    return visit.holder.domicile_in_city &&
           std::find(waivers_.begin(), waivers_.end(), Waiver::domicile_in_city) != waivers_.end();
  }

  [[nodiscard]] Words spared_in_words() const {
    static const std::array<Words, waiver_names.size()> cases{
        Words{"同一世帯の親子の場合", "if parent and child live in one household"},
        Words{"同一世帯の場合", "if both live in one household"}, Words{"父母の場合", "of a parent"},
        Words{"本籍が市内にある場合", "if the child's registered domicile is in the city"}};
    Words all;
    for (const auto waiver : waivers_) {
      const auto& one = cases[static_cast<std::size_t>(waiver)];
      all.ja += (all.ja.empty() ? "" : "、または") + one.ja;
      all.en += (all.en.empty() ? "" : " or ") + one.en;
    }
    if (all.ja.empty()) return all;
    return {"(" + all.ja + "は不要)", " (not needed " + all.en + ")"};
  }

  static Words described(const Paper& paper) {
    Words words = paper.name;
    if (paper.max_age_months) {
      const auto months = std::to_string(*paper.max_age_months);
      words.ja += "(発行後" + months + "か月以内" + (paper.original ? "の原本)" : "のもの)");
      words.en +=
          std::string(paper.original ? " (the original, " : " (") + "issued within " + months + " months)";
    } else if (paper.original) {
      words.ja += "(原本)";
      words.en += " (the original)";
    }
    return words;
  }

  static Flaws flaws(const Visit& visit, const Paper& paper, const Document& document) {
    Flaws flaws{&paper, false, paper.original && !document.original};
    if (paper.max_age_months) {
      // Civil Code 140 and 143: the day of issue is not counted, so the corresponding day is still within. A
      // date that is not told, or not yet come, proves nothing.
      const auto& issued = document.issued_on;
      const bool fresh =
          issued && *issued <= visit.day && visit.day <= add_months_clamped(*issued, *paper.max_age_months);
      flaws.too_old = !fresh;
    }
    return flaws;
  }

  // Of several such papers the best one counts, then the one that is named first in the policy.
  static std::optional<Flaws> best(const Visit& visit, const Proof& proof) {
    std::optional<Flaws> best;
    for (const auto& paper : proof) {
      for (const auto& document : visit.documents) {
        if (document.type != paper.document) continue;
        const auto found = flaws(visit, paper, document);
        if (!best || found.count() < best->count()) best = found;
      }
    }
    return best;
  }

  static Param named(const Paper& paper) {
    return {"document", json::string(paper.document), paper.name.ja, paper.name.en};
  }

  static void prove(const Visit& visit, const Proof& proof, Answer& answer) {
    const auto found = best(visit, proof);
    const auto& asked = found ? *found->paper : proof.front();
    const auto document = named(asked);
    if (!found) answer.say("legal_representative.proof_missing", asked.place + "/document", {document});
    if (found && found->too_old) {
      answer.say("legal_representative.proof_too_old", asked.place + "/max_age_months",
                 {document, param("months", std::int64_t{asked.max_age_months.value_or(0)})});
    }
    if (found && found->copy)
      answer.say("legal_representative.proof_not_original", asked.place + "/original", {document});
    if (!found || found->count() > 0) answer.miss(asked.document);
  }

  std::vector<Purpose> purposes_{Purpose::renewal, Purpose::pin_reset};
  Proof child_;
  std::vector<Purpose> child_purposes_{Purpose::renewal, Purpose::expiry_check, Purpose::pin_reset};
  std::vector<Waiver> waivers_;
  Proof ward_;
  std::vector<Purpose> ward_purposes_{Purpose::renewal, Purpose::expiry_check, Purpose::pin_reset};
};

}  // namespace

MADOGUCHI_PLUGIN(LegalRepresentative)
