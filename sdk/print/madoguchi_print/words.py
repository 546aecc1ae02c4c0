"""Everything that the program says to people, in Japanese and English. What a sheet says is in its template."""

CATALOGUE = {
    "missing": ("{0}: 項目がありません", "{0}: is missing"),
    "unknown": ("{0}: この帳票にはない項目です", "{0}: is not a field of this sheet"),
    "type": ("{0}: 型が違います({1}が必要です)", "{0}: has the wrong type ({1} is needed)"),
    "one_of": ("{0}: 次のいずれかが必要です: {1}", "{0}: must be one of {1}"),
    "template_version": (
        "{0}: テンプレートの版が違います(使用中の版は{1})",
        "{0}: the template in use has another version, {1}",
    ),
    "date": ("{0}: 日付が必要です(例: 2026-02-12)", "{0}: must be a date, such as 2026-02-12"),
    "time": (
        "{0}: 日時が必要です(例: 2026-02-12T10:10:00+09:00)",
        "{0}: must be a time, such as 2026-02-12T10:10:00+09:00",
    ),
    "pattern": ("{0}: 形式が違います({1})", "{0}: does not have the form {1}"),
    "empty": ("{0}: 空です", "{0}: is empty"),
    "too_long": ("{0}: 長すぎます({1}まで)", "{0}: is too long (at most {1})"),
    "number": ("{0}: 範囲外の数です({1}以上)", "{0}: is too small (at least {1})"),
    "repeated": ("{0}: 同じものが2回あります", "{0}: holds the same twice"),
    "rule": ("{0}: 正しくありません({1})", "{0}: is not right ({1})"),
    "before_issue": ("{0}: 発行日より前の日付です", "{0}: is before the day of issue"),
    "control": ("{0}: 印刷できない制御文字があります", "{0}: holds a control character"),
    "no_glyph": (
        "{0}: 印刷できるフォントがない文字があります: {1}(U+{2})。文字を含むフォントを導入してください",
        "{0}: no installed font has the character {1} (U+{2}); install one that has",
    ),
    "not_json": ("入力がJSONではありません({0})", "the input is not JSON ({0})"),
    "not_utf8": ("入力がUTF-8ではありません", "the input is not UTF-8"),
    "too_big": ("入力が大きすぎます({0}バイトまで)", "the input is too big (at most {0} bytes)"),
    "twice": ("{0}: 同じ名前の項目が2つあります", "{0}: is there twice"),
    "not_object": ("入力はJSONオブジェクトでなければなりません", "the input must be a JSON object"),
    "no_folder": ("テンプレートのフォルダーがありません: {0}", "there is no template folder {0}"),
    "no_template": ("テンプレートがありません: {0}", "there is no template {0}"),
    "bad_template": ("テンプレート {0} の{1}行目: {2}", "template {0}, line {1}: {2}"),
    "bad_schema": ("テンプレート {0}: {1}", "template {0}: {1}"),
    "outside": (
        "テンプレートが外部の {0} を参照しています。テンプレートのフォルダーに置き、embed()で埋め込んでください",
        "the template refers to {0}, which is outside it; put it into the template folder and embed() it",
    ),
    "no_font_list": ("フォントの一覧を取得できません({0})", "the installed fonts cannot be listed ({0})"),
    "no_output": ("{0} に書き込めません({1})", "cannot write {0} ({1})"),
    "rendering": ("帳票を作成できません({0})", "the sheet cannot be made ({0})"),
    "usage": ("コマンドの指定が正しくありません({0})", "{0}"),
    "interrupted": ("中断しました", "interrupted"),
}


def choose_language(asked, environment):
    if asked:
        return asked
    name = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    return "ja" if name.startswith("ja") else "en"


def say(language, key, *filling):
    japanese, english = CATALOGUE[key]
    return (japanese if language == "ja" else english).format(*filling)
