// The daemon's configuration: the example that ships, defaults, and everything that can be wrong.
#include "settings/daemon_config.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <regex>

#include "support.hpp"

namespace madoguchi::settings {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

constexpr std::string_view good = R"(access:
  clerk: {users: [alice], groups: ["1000"]}
policy: {path: policy.yaml}
readers: {profile: genuine}
authorities:
  - name: one
    url: https://ca.example/pkix/
    certificates: [signature, authentication]
    ra_certificate: ra.pem
    ra_key: ra.key
    trust: [root.pem]
)";

TEST(DaemonConfig, the_least_that_must_be_written) {
  const auto loaded = load_daemon_config(good, "c");
  ASSERT_THAT(texts(loaded.complaints), IsEmpty());
  const auto& config = *loaded.value;
  EXPECT_EQ(config.socket.path, "/run/madoguchi/madoguchi.sock");
  EXPECT_EQ(config.socket.mode, 0660U);
  EXPECT_THAT(config.access.clerk.users, ElementsAre("alice"));
  EXPECT_THAT(config.access.clerk.groups, ElementsAre("1000"));
  EXPECT_EQ(config.readers.job_deadline, std::chrono::seconds(30));
  EXPECT_EQ(config.readers.pin_pad, PinPadUse::automatic);
  EXPECT_EQ(config.readers.pin_pad_patience, std::chrono::seconds(30));
  EXPECT_EQ(config.authority(policy::Certificate::signature).name, "one");
  EXPECT_EQ(config.authority(policy::Certificate::signature).body, RequestBody::cr);
  EXPECT_EQ(config.api.max_message_bytes, 1'048'576U);
  EXPECT_EQ(config.log.format, LogFormat::text);
  EXPECT_EQ(config.digest.size(), 64U);
}

TEST(DaemonConfig, the_audit_log_keeps_everything_unless_told) {
  EXPECT_EQ(load_daemon_config(good, "c").value->audit.keep_days, 0);
  const auto text = changed(
      std::string(good),
      "policy:", "audit: {key: a.pem, former_keys: [b.pem], counter: 窓口1, keep_days: 1825}\npolicy:");
  const auto loaded = load_daemon_config(text, "c");
  ASSERT_THAT(texts(loaded.complaints), IsEmpty());
  const auto& audit = loaded.value->audit;
  EXPECT_EQ(audit.key, "a.pem");
  EXPECT_THAT(audit.former_keys, ElementsAre("b.pem"));
  EXPECT_EQ(audit.counter, "窓口1");
  EXPECT_EQ(audit.keep_days, 1825);
}

// As if these files were there and nothing else.
Loaded<DaemonConfig> where_there_are(const std::vector<std::string>& files, const std::string& text) {
  return load_daemon_config(text, "c", [&](const std::string& written, const std::string& place) {
    const bool there = std::find(files.begin(), files.end(), written) != files.end();
    return there ? written : "(named by " + place + ")";
  });
}
std::string with_store(const std::string& store) {
  return changed(std::string(good), "policy:", "store: {path: s.db, " + store + "}\npolicy:");
}
std::string with_key_store(const std::string& key_store) {
  return changed(std::string(good), "ra_key: ra.key", "ra_key_store: " + key_store);
}

TEST(DaemonConfig, a_secret_in_place_of_its_file_is_refused_and_not_repeated) {
  const std::string hex(64, 'a');
  const std::string pin = "8142557";
  for (const auto& [text, secret] : std::vector<std::pair<std::string, std::string>>{
           {with_store("key: " + hex), hex},
           {with_store("former_keys: [" + hex + "]"), hex},
           {changed(std::string(good),
                    "policy:", "audit: {key: \"-----BEGIN PRIVATE KEY-----\\nab/c\\n\"}\npolicy:"),
            "ab/c"},
           {with_key_store("{uri: 'handle:0x81000001', providers: [tpm2], pin: " + pin + "}"), pin}}) {
    const auto said = texts(where_there_are({"ra.key"}, text).complaints);
    EXPECT_THAT(said, ElementsAre(testing::HasSubstr(": expected the path of a file"))) << text;
    EXPECT_THAT(said, testing::Each(testing::Not(testing::HasSubstr(secret))));
  }
}

TEST(DaemonConfig, a_file_that_is_there_may_be_called_anything) {
  const auto text = changed(with_store("key: storekey, former_keys: [" + std::string(64, 'a') + "]"),
                            "ra_key: ra.key", "ra_key: k");
  const auto loaded = where_there_are({"storekey", std::string(64, 'a'), "k"}, text);
  ASSERT_THAT(texts(loaded.complaints), IsEmpty());
  EXPECT_EQ(loaded.value->store.key, "storekey");
  EXPECT_THAT(loaded.value->store.former_keys, ElementsAre(std::string(64, 'a')));
  EXPECT_EQ(loaded.value->authorities.front().ra_key, "k");
}

TEST(DaemonConfig, what_leads_to_no_file_goes_by_the_place_where_it_is_written) {
  const auto loaded = where_there_are(
      {"old"}, changed(with_store("key: Qm9/xx==, former_keys: [old, ab.cd]"), "ra_key: ra.key",
                       "ra_key_store: {uri: 'handle:1', providers: [tpm2], pin: Tokyo.2026}"));
  ASSERT_THAT(texts(loaded.complaints), IsEmpty());
  EXPECT_EQ(loaded.value->store.key, "(named by store.key, line 3)");
  EXPECT_THAT(loaded.value->store.former_keys, ElementsAre("old", "(named by store.former_keys[1], line 3)"));
  EXPECT_EQ(loaded.value->authorities.front().ra_key_store->pin,
            "(named by authorities[0].ra_key_store.pin, line 11)");
}

TEST(DaemonConfig, no_complaint_repeats_what_may_be_a_secret) {
  const std::string pin = "314159";
  const std::vector<std::pair<std::string, std::string>> wrong{
      {with_key_store("'pkcs11:token=ra;pin-value=" + pin + "'"),
       "ra_key_store: expected a mapping, found a text"},
      {with_key_store("{uri: 'pkcs11:pin-value=" + pin + std::string(1024, 'x') + "', providers: [p]}"),
       "uri: expected a text of at most 1024 bytes, found a text"},
      {with_key_store("{uri: 'handle:1', providers: 'p?pin-value=" + pin + "'}"),
       "providers: expected a list of texts, found a text"},
      {with_key_store("{uri: 'handle:1', providers: ['p?pin-value=" + pin + "']}"),
       "providers[0]: expected the name of an OpenSSL provider"},
      {with_key_store("{uri: 'handle:1', providers: [p], pin: &" + pin + " }"),
       "pin: anchors are not allowed"},
      {with_key_store("{uri: 'handle:1', providers: [p], pin: *" + pin + " }"),
       "not YAML: the referenced anchor is not defined"},
      {with_store("key: !" + pin), "store.key: tags are not allowed"},
      {with_store("former_keys: [!" + pin + " '']"), "store.former_keys[0]: tags are not allowed"},
      {with_key_store("{uri: 'handle:1', providers: [p], pin: ['" + pin + "']}"),
       "pin: expected a text of at most 1024 bytes, found a list"},
      {with_store("key: '" + pin + std::string(1024, 'x') + "'"),
       "store.key: expected a text of at most 1024 bytes, found a text"},
      {with_store("former_keys: " + pin), "store.former_keys: expected a list of texts, found a text"},
      {with_store("former_keys: [./" + pin + ", ./" + pin + "]"),
       "store.former_keys[1]: the same text stands here a second time"},
      {changed(std::string(good), "policy:", "store: " + pin + "\npolicy:"),
       "store: expected a mapping, found a text"}};
  for (const auto& [text, complaint] : wrong) {
    const auto said = texts(where_there_are({"ra.key"}, text).complaints);
    EXPECT_THAT(said, testing::Contains(testing::HasSubstr(complaint))) << text;
    EXPECT_THAT(said, testing::Each(testing::Not(testing::HasSubstr(pin))));
  }
}

TEST(DaemonConfig, metrics_are_served_where_they_are_asked_for) {
  EXPECT_EQ(load_daemon_config(good, "c").value->metrics.socket, "");
  const auto with = [](const std::string& metrics) {
    return load_daemon_config(changed(std::string(good), "policy:", "metrics: " + metrics + "\npolicy:"),
                              "c");
  };
  const auto loaded = with("{socket: m.sock, mode: 0640, group: prometheus}");
  ASSERT_THAT(texts(loaded.complaints), IsEmpty());
  EXPECT_EQ(loaded.value->metrics.socket, "m.sock");
  EXPECT_EQ(loaded.value->metrics.mode, 0640U);
  EXPECT_EQ(loaded.value->metrics.group, "prometheus");
  EXPECT_EQ(with("{mode: 0640}").complaints.size(), 1U);
}

TEST(DaemonConfig, cases_are_kept_for_a_month_and_for_every_second_visit_unless_told) {
  const auto by_default = load_daemon_config(good, "c").value->store;
  EXPECT_EQ(by_default.keep_days, 30);
  EXPECT_EQ(by_default.keep_unfinished_days, 750);
  EXPECT_EQ(by_default.key, "");
  const auto text = changed(std::string(good), "policy:",
                            "store: {path: s.db, key: k, former_keys: [old], keep_days: 7, "
                            "keep_unfinished_days: 800}\npolicy:");
  const auto loaded = load_daemon_config(text, "c");
  ASSERT_THAT(texts(loaded.complaints), IsEmpty());
  const auto& store = loaded.value->store;
  EXPECT_EQ(store.key, "k");
  EXPECT_THAT(store.former_keys, ElementsAre("old"));
  EXPECT_EQ(store.keep_days, 7);
  EXPECT_EQ(store.keep_unfinished_days, 800);
}

TEST(DaemonConfig, two_authorities_share_the_certificates) {
  const auto text =
      changed(std::string(good), "certificates: [signature, authentication]", "certificates: [signature]") +
      R"(  - {name: two, url: "http://127.0.0.1:1/", certificates: [authentication], body: p10cr,
     ra_certificate: a, ra_key: b, trust: [c], timeout_seconds: 3}
)";
  const auto loaded = load_daemon_config(text, "c");
  ASSERT_THAT(texts(loaded.complaints), IsEmpty());
  const auto& two = loaded.value->authority(policy::Certificate::authentication);
  EXPECT_EQ(two.name, "two");
  EXPECT_EQ(two.body, RequestBody::p10cr);
  EXPECT_EQ(two.timeout, std::chrono::seconds(3));
  EXPECT_EQ(loaded.value->authority(policy::Certificate::signature).name, "one");
}

TEST(DaemonConfig, the_key_may_stay_in_an_hsm_or_a_tpm) {
  const auto least =
      load_daemon_config(changed(std::string(good), "ra_key: ra.key",
                                 "ra_key_store: {uri: 'pkcs11:token=ra;object=ra', providers: [pkcs11]}"),
                         "c");
  ASSERT_THAT(texts(least.complaints), IsEmpty());
  const auto& authority = least.value->authorities.front();
  EXPECT_EQ(authority.ra_key, "");
  ASSERT_TRUE(authority.ra_key_store);
  EXPECT_EQ(authority.ra_key_store->uri, "pkcs11:token=ra;object=ra");
  EXPECT_THAT(authority.ra_key_store->providers, ElementsAre("pkcs11"));
  EXPECT_EQ(authority.ra_key_store->pin, "");
  EXPECT_FALSE(load_daemon_config(good, "c").value->authorities.front().ra_key_store);
}

TEST(DaemonConfig, the_examples_key_store_is_known) {
  const std::string example(shipped("madoguchid.yaml"));
  const std::string file = "    ra_key: /etc/madoguchi/ra.key.pem\n";
  const auto begin = example.find("    # ra_key_store:\n");
  ASSERT_NE(begin, std::string::npos);
  const auto end = example.find("    # Certificates under", begin);
  const auto block =
      std::regex_replace(example.substr(begin, end - begin), std::regex("(^|\n)    # "), "$1    ");
  const auto loaded = load_daemon_config(changed(example, file, block), "c");
  ASSERT_THAT(texts(loaded.complaints), IsEmpty());
  const auto& store = loaded.value->authorities.front().ra_key_store;
  ASSERT_TRUE(store);
  EXPECT_EQ(store->uri, "handle:0x81000001?pass");
  EXPECT_EQ(store->modules, "/usr/lib/x86_64-linux-gnu/ossl-modules");
  EXPECT_EQ(store->openssl_conf, "/etc/madoguchi/ra-key.cnf");
  EXPECT_EQ(store->pin, "/etc/madoguchi/ra.pin");
}

TEST(DaemonConfig, the_official_terminal_needs_no_authority) {
  const std::string text(good.substr(0, good.find("authorities:")));
  const auto loaded = load_daemon_config(text + "channel: terminal\n", "c");
  ASSERT_THAT(texts(loaded.complaints), IsEmpty());
  EXPECT_EQ(loaded.value->channel, IssuingChannel::terminal);
  EXPECT_TRUE(loaded.value->authorities.empty());
  EXPECT_EQ(load_daemon_config(good, "c").value->channel, IssuingChannel::cmp) << "unless it says so";
  EXPECT_FALSE(load_daemon_config(text, "c").value) << "nobody issues";
}

TEST(DaemonConfig, the_example_loads) {
  const auto loaded = load_daemon_config(shipped("madoguchid.yaml"), "madoguchid.yaml");
  ASSERT_THAT(texts(loaded.complaints), IsEmpty());
  EXPECT_EQ(loaded.value->readers.profile, ReaderProfile::simulated_spare);
  EXPECT_EQ(loaded.value->socket.mode, 0660U);
  EXPECT_EQ(loaded.value->authorities.at(0).issuers.size(), 2U);
}

TEST(DaemonConfig, what_the_example_comments_out_is_known_and_shows_the_defaults) {
  static const std::regex commented("(^|\n)( *)# ([a-z_]+: (?:[^ ,]+|\\{.*\\}|\\[.*\\]))(?=\n)");
  auto text = std::regex_replace(shipped("madoguchid.yaml"), commented, "$1$2$3");
  ASSERT_NE(text, shipped("madoguchid.yaml"));
  text = changed(std::move(text), "\n    url: http://", "\n    url: https://");  // tls_ca is for TLS only
  const auto loaded = load_daemon_config(text, "c");
  ASSERT_THAT(texts(loaded.complaints), IsEmpty());
  const auto& config = *loaded.value;
  const DaemonConfig defaults;
  EXPECT_EQ(config.readers.job_deadline, defaults.readers.job_deadline);
  EXPECT_EQ(config.readers.hold, defaults.readers.hold);
  EXPECT_EQ(config.policy.strict_start, defaults.policy.strict_start);
  EXPECT_EQ(config.channel, defaults.channel);
  EXPECT_EQ(config.api.max_message_bytes, defaults.api.max_message_bytes);
  EXPECT_EQ(config.api.max_connections, defaults.api.max_connections);
  EXPECT_EQ(config.api.max_connections_per_user, defaults.api.max_connections_per_user);
  EXPECT_EQ(config.api.max_requests_per_second, defaults.api.max_requests_per_second);
  EXPECT_EQ(config.api.max_display_requests_per_second, defaults.api.max_display_requests_per_second);
  EXPECT_EQ(config.api.max_requests_per_connection, defaults.api.max_requests_per_connection);
  EXPECT_EQ(config.api.max_subscriptions_per_connection, defaults.api.max_subscriptions_per_connection);
  EXPECT_EQ(config.api.max_queued_events, defaults.api.max_queued_events);
  const auto& authority = config.authorities.front();
  const AuthorityConfig standard;
  EXPECT_EQ(authority.body, standard.body);
  EXPECT_EQ(authority.timeout, standard.timeout);
  EXPECT_EQ(authority.patience, standard.patience);
  EXPECT_FALSE(authority.tls_ca.empty());
  EXPECT_EQ(authority.ocsp_url, "http://127.0.0.1:8829/ocsp");
  EXPECT_THAT(authority.crl_urls, testing::SizeIs(2));
  EXPECT_THAT(config.access.display.users, ElementsAre("signage"));
}

class DaemonConfigBad : public testing::TestWithParam<Bad> {};

TEST_P(DaemonConfigBad, with_exactly_these_complaints) {
  const auto& bad = GetParam();
  const auto loaded = load_daemon_config(changed(std::string(good), bad.from, bad.to), "c");
  EXPECT_FALSE(loaded.value.has_value());
  EXPECT_THAT(texts(loaded.complaints), ElementsAreArray(bad.complaints));
}

const std::vector<Bad> bad_files{
    {"misspelt_key",
     "policy: {path:",
     "policy: {paht:",
     {"c:3:1: policy.path: missing; expected a text of at most 1024 bytes",
      "c:3:10: policy.paht: unknown key; did you mean \"path\"?"}},
    {"mode_not_octal",
     "policy:",
     "socket: {mode: 0680}\npolicy:",
     {"c:3:16: socket.mode: expected an octal mode such as 0660, found \"0680\""}},
    {"mode_decimal",
     "policy:",
     "socket: {mode: 660}\npolicy:",
     {"c:3:16: socket.mode: expected an octal mode such as 0660, found \"660\""}},
    {"nobody",
     "{users: [alice], groups: [\"1000\"]}",
     "{}",
     {"c:1:1: access: nobody has a role, so nobody could connect; name users or groups"}},
    {"unknown_role",
     "  clerk:",
     "  cleark: {users: [bob]}\n  clerk:",
     {"c:2:3: access.cleark: unknown key; did you mean \"clerk\"?"}},
    {"unknown_profile",
     "profile: genuine",
     "profile: simulated",
     {"c:4:20: readers.profile: expected one of simulated-spare, simulated-single, genuine, found "
      "\"simulated\""}},
    {"genuine_with_terminal_key",
     "profile: genuine",
     "profile: genuine, terminal_key: k",
     {"c:4:43: readers.terminal_key: only simulated cards have one; take it out"}},
    {"simulated_without_terminal_key",
     "profile: genuine",
     "profile: simulated-single",
     {"c:4:1: readers.terminal_key: missing; a simulated profile needs the file of the terminal key"}},
    {"deadline_too_short",
     "profile: genuine",
     "profile: genuine, job_deadline_ms: 5",
     {"c:4:46: readers.job_deadline_ms: expected an integer from 100 to 600000, found \"5\""}},
    {"pin_pad_for_some",
     "profile: genuine",
     "profile: genuine, pin_pad: sometimes",
     {"c:4:38: readers.pin_pad: expected one of auto, optional, never, require, found \"sometimes\""}},
    {"pin_pad_that_waits_for_ever",
     "profile: genuine",
     "profile: genuine, pin_pad_seconds: 3600",
     {"c:4:46: readers.pin_pad_seconds: expected an integer from 5 to 120, found \"3600\""}},
    {"terminal_beside_authorities",
     "readers:",
     "channel: terminal\nreaders:",
     {"c:7:3: authorities: not used with \"channel: terminal\", where the official terminal issues; take it "
      "out"}},
    {"unknown_channel",
     "readers:",
     "channel: post\nreaders:",
     {"c:4:10: channel: expected one of cmp, terminal, found \"post\""}},
    {"no_url",
     "https://ca.example/pkix/",
     "ca.example",
     {"c:7:10: authorities[0].url: expected http://host... or https://host..., without a user name, a query "
      "or a fragment"}},
    {"url_with_user",
     "https://ca.example/pkix/",
     "https://me:secret@ca.example/",
     {"c:7:10: authorities[0].url: expected http://host... or https://host..., without a user name, a query "
      "or a fragment"}},
    {"url_with_a_query",
     "https://ca.example/pkix/",
     "https://ca.example/pkix/?token=secret",
     {"c:7:10: authorities[0].url: expected http://host... or https://host..., without a user name, a query "
      "or a fragment"}},
    {"no_ocsp_url",
     "url: https://ca.example/pkix/",
     "url: https://ca.example/\n    ocsp_url: ca.example/ocsp\n    issuers: [i]",
     {"c:8:15: authorities[0].ocsp_url: expected http://host... or https://host..., without a user name, a "
      "query or a fragment"}},
    {"ocsp_url_without_issuers",
     "url: https://ca.example/pkix/",
     "url: https://ca.example/\n    ocsp_url: http://ca.example/ocsp",
     {"c:8:15: authorities[0].ocsp_url: needs \"issuers\": a certificate's status is asked for, and its "
      "answer "
      "believed, by them"}},
    {"no_crl_url",
     "url: https://ca.example/pkix/",
     "url: https://ca.example/\n    crl_urls: [http://ca.example/crl, 'file:///crl']\n    issuers: [i]",
     {"c:8:39: authorities[0].crl_urls[1]: expected http://host... or https://host..., without a user name, "
      "a query or a fragment"}},
    {"crl_urls_without_issuers",
     "url: https://ca.example/pkix/",
     "url: https://ca.example/\n    crl_urls: [http://ca.example/crl]",
     {"c:8:15: authorities[0].crl_urls: needs \"issuers\": a certificate's status is asked for, and its "
      "answer "
      "believed, by them"}},
    {"tls_without_tls",
     "url: https://ca.example/pkix/",
     "url: http://ca.example/\n    tls_ca: x",
     {"c:8:13: authorities[0].tls_ca: only used with an https:// url"}},
    {"certificate_nobody_issues",
     "[signature, authentication]",
     "[signature]",
     {"c:6:3: authorities: no authority issues the authentication certificate"}},
    {"certificate_issued_twice",
     "  - name: one",
     "  - {name: two, url: http://h, certificates: [signature], ra_certificate: a, ra_key: b, trust: [c]}\n  "
     "- name: one",
     {"c:9:19: authorities[1].certificates: signature is issued by \"two\" already"}},
    {"name_twice",
     "    certificates: [signature, authentication]\n",
     "    certificates: [signature]\n    ra_key: k\n    ra_certificate: c\n    trust: [r]\n  - name: one\n   "
     " url: http://h\n    certificates: [authentication]\n",
     {"c:12:11: authorities[1].name: the authority \"one\" stands here a second time"}},
    {"no_key",
     "    ra_key: ra.key\n",
     "",
     {"c:6:5: authorities[0].ra_key: missing; name the key's file here, or under \"ra_key_store\" the key in "
      "an "
      "HSM or a TPM"}},
    {"sender_that_is_no_name",
     "ra_key: ra.key",
     "ra_key: ra.key\n    expected_sender: CN=cmp",
     {"c:11:22: authorities[0].expected_sender: \"CN=cmp\" is not a name of the form /C=JP/O=.../CN=..."}},
    {"sender_without_a_value",
     "ra_key: ra.key",
     "ra_key: ra.key\n    expected_sender: /C=JP/CN= ",
     {"c:11:22: authorities[0].expected_sender: \"/C=JP/CN=\" is not a name of the form /C=JP/O=.../CN=..."}},
    {"sender_that_is_blank",
     "ra_key: ra.key",
     "ra_key: ra.key\n    expected_sender: ' '",
     {"c:11:22: authorities[0].expected_sender: \" \" is not a name of the form /C=JP/O=.../CN=..."}},
    {"recipient_that_ends_early",
     "ra_key: ra.key",
     "ra_key: ra.key\n    recipient: /C=JP/",
     {"c:11:16: authorities[0].recipient: \"/C=JP/\" is not a name of the form /C=JP/O=.../CN=..."}},
    {"two_keys",
     "ra_key: ra.key",
     "ra_key: ra.key\n    ra_key_store: {uri: 'handle:1', providers: [tpm2]}",
     {"c:11:19: authorities[0].ra_key_store: \"ra_key\" names another key; leave the one that the RA "
      "certificate "
      "is for, and take the other out"}},
    {"key_store_without_provider",
     "ra_key: ra.key",
     "ra_key_store: {uri: 'handle:1'}",
     {"c:10:5: authorities[0].ra_key_store.providers: missing; expected a list of texts"}},
    {"key_store_of_a_file",
     "ra_key: ra.key",
     "ra_key_store: {uri: /etc/ra.key, providers: [tpm2]}",
     {"c:10:25: authorities[0].ra_key_store.uri: expected the URI of a key in an HSM or a TPM, such as "
      "pkcs11:... or handle:...; a file is named by \"ra_key\""}},
    {"key_store_of_a_file_uri",
     "ra_key: ra.key",
     "ra_key_store: {uri: 'File:/etc/ra.key', providers: [tpm2]}",
     {"c:10:25: authorities[0].ra_key_store.uri: expected the URI of a key in an HSM or a TPM, such as "
      "pkcs11:... or handle:...; a file is named by \"ra_key\""}},
    {"key_store_with_its_pin",
     "ra_key: ra.key",
     "ra_key_store: {uri: 'pkcs11:object=ra?pin-value=1234', providers: [pkcs11]}",
     {"c:10:25: authorities[0].ra_key_store.uri: the PIN does not belong here; name the file that it stands "
      "in "
      "under \"pin\""}},
    {"provider_by_path",
     "ra_key: ra.key",
     "ra_key_store: {uri: 'handle:1', providers: [tpm2, /opt/hsm.so]}",
     {"c:10:55: authorities[0].ra_key_store.providers[1]: expected the name of an OpenSSL provider, without "
      "folder and .so, found a text"}},
    {"no_trust",
     "trust: [root.pem]",
     "trust: []",
     {"c:11:12: authorities[0].trust: expected a list of texts, found an empty list"}},
    {"message_limit_too_small",
     "policy:",
     "api: {max_message_bytes: 10}\npolicy:",
     {"c:3:26: api.max_message_bytes: expected an integer from 4096 to 16777216, found \"10\""}},
    {"audit_kept_for_no_day",
     "policy:",
     "audit: {keep_days: 0}\npolicy:",
     {"c:3:20: audit.keep_days: expected an integer from 1 to 36500, found \"0\""}},
    {"second_visits_let_go",
     "policy:",
     "store: {path: s.db, keep_unfinished_days: 90}\npolicy:",
     {"c:3:43: store.keep_unfinished_days: expected an integer from 731 to 36500, found \"90\""}},
    {"log_level",
     "policy:",
     "log: {level: warn}\npolicy:",
     {"c:3:14: log.level: expected one of debug, info, warning, error, found \"warn\""}},
};

INSTANTIATE_TEST_SUITE_P(Table, DaemonConfigBad, testing::ValuesIn(bad_files),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace madoguchi::settings
