// For those who write rules and plugins: help and answers.
#pragma once

#include <array>

#include "entry.hpp"

namespace madoguchi::cli::texts {

// clang-format off
inline constexpr std::array workbench{
  Entry{"help.policy", "A city's rules: check, test, explain, compare. No daemon is needed.", "自治体の規則の検査・テスト・説明・比較(デーモンは不要)"},
  Entry{"help.policy.file", "a policy file, or a folder with policy*.yaml", "ポリシーファイル、またはpolicy*.yamlのあるフォルダー"},
  Entry{"help.policy.plugins", "the folder with the plugins that the policy names", "ポリシーが使うプラグインのフォルダー"},
  Entry{"help.policy.format", "how to print", "出力形式"},
  Entry{"help.policy.check", "Say everything that is wrong with a policy", "ポリシーの誤りをすべて表示する"},
  Entry{"help.policy.config", "the daemon's configuration: judge as madoguchid --check would, with its plugins and cards", "デーモンの設定ファイル(指定すると、そのプラグインとカードで madoguchid --check と同じ判定をします)"},
  Entry{"help.policy.test", "Run policy tests", "ポリシーのテストを実行する"},
  Entry{"help.policy.tests", "test files, or folders with a policy or tests in them", "テストファイル、またはポリシーかテストのあるフォルダー"},
  Entry{"help.policy.under_test", "the policy under test; otherwise the nearest around each test file", "対象のポリシー(省略時は各テストファイルに最も近いもの)"},
  Entry{"help.policy.coverage", "also list the findings that no case brought about and the rules that none asked", "どのテストでも現れなかった判定理由と、使われなかった規則も表示する"},
  Entry{"help.policy.explain", "Decide about facts and show what every rule read and said", "事実から判定し、各規則の入力と結果を表示する"},
  Entry{"help.policy.facts", "a JSON object, or a file with one (.yaml: as in a test)", "JSONオブジェクト、またはそのファイル(.yamlはテストと同じ書き方)"},
  Entry{"help.policy.show", "Print the version in force with every value", "有効な版のすべての値を表示する"},
  Entry{"help.policy.diff", "Show which values differ between two policies", "二つのポリシーで異なる値を表示する"},
  Entry{"help.policy.replay", "Show which recorded cases would be decided otherwise", "記録済みの受付のうち判定が変わるものを表示する"},
  Entry{"help.policy.cases", "cases with facts and decision, one JSON document a line", "受付(factsとdecision)を1行1件のJSONで記したファイル"},
  Entry{"help.policy.init", "Write a commented policy for a new city", "新しい自治体のためのポリシーのひな形を作る"},
  Entry{"help.policy.id", "the city's id: lower-case letters, digits, '-' and '_'", "自治体のID(英小文字・数字・-・_)"},
  Entry{"help.policy.new_file", "where to write it; otherwise it is printed", "書き込み先(省略時は標準出力)"},
  Entry{"help.holidays", "The list of national holidays", "祝日の一覧"},
  Entry{"help.holidays.import", "Make the list from the Cabinet Office's CSV", "内閣府のCSVから一覧を作る"},
  Entry{"help.holidays.csv", "syukujitsu.csv, in Shift_JIS as published or UTF-8", "syukujitsu.csv(公開されているShift_JIS、またはUTF-8)"},
  Entry{"help.holidays.from", "first year", "最初の年"},
  Entry{"help.holidays.to", "last year", "最後の年"},
  Entry{"help.plugin", "For vendors: begin, check and sign a plugin. No daemon is needed.", "プラグイン開発者向け: 作成・検査・署名(デーモンは不要)"},
  Entry{"help.plugin.new", "Make a plugin to start from", "プラグインのひな形を作る"},
  Entry{"help.plugin.name", "its name: lower-case letters, digits and '-'", "名前(英小文字・数字・-)"},
  Entry{"help.plugin.folder", "the new folder", "作成先のフォルダー"},
  Entry{"help.plugin.check", "Take a plugin through the whole contract", "プラグインが規約を満たすか検査する"},
  Entry{"help.plugin.manifest", "the plugin's manifest (NAME.json), its library beside it", "プラグインのマニフェスト(名前.json)。ライブラリーは同じ場所に置く"},
  Entry{"help.plugin.section", "a section of a policy that it must accept, as JSON", "受け付けるべきポリシーの節(JSON)"},
  Entry{"help.plugin.calls", "how often each hook is called for time and memory", "時間とメモリーを測るための呼び出し回数"},
  Entry{"help.plugin.sign", "Sign a plugin's manifest", "プラグインのマニフェストに署名する"},
  Entry{"help.plugin.certificate", "the vendor's certificate (PEM)", "開発者の証明書(PEM)"},
  Entry{"help.plugin.key", "its key (PEM)", "その秘密鍵(PEM)"},
  Entry{"plugin.error", "{0}", "{0}"},
  Entry{"plugin.made", "{0} is ready; README.md in it says how to build and check it.", "{0}を作成しました。作り方と検査方法は中のREADME.mdをご覧ください。"},
  Entry{"plugin.section", "{0} is not a JSON object.", "{0}はJSONオブジェクトではありません。"},
  Entry{"plugin.signed", "Signed: {0}", "署名しました: {0}"},
};
// clang-format on

}  // namespace madoguchi::cli::texts
