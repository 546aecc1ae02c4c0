#include "base/url.hpp"

#include <gtest/gtest.h>

namespace madoguchi::base {
namespace {

TEST(Url, IsTakenApart) {
  const auto plain = parse_url("http://ca.example:829/pkix/").value();
  EXPECT_FALSE(plain.secure);
  EXPECT_EQ(plain.host, "ca.example");
  EXPECT_EQ(plain.port, "829");
  EXPECT_EQ(plain.path, "/pkix/");
  EXPECT_EQ(plain.authority, "ca.example:829");
  const auto secure = parse_url("https://[2001:db8::1]").value();
  EXPECT_TRUE(secure.secure);
  EXPECT_EQ(secure.host, "2001:db8::1");
  EXPECT_EQ(secure.port, "443");
  EXPECT_EQ(secure.path, "/");
  EXPECT_EQ(secure.authority, "[2001:db8::1]");
  EXPECT_EQ(parse_url("http://ca.example").value().port, "80");
}

TEST(Url, OfAnyOtherFormIsRefused) {
  for (const char* text :
       {"", "ca.example", "http://", "http:///pkix", "http://ca:0/", "http://ca:65536/", "http://ca:/",
        "http://ca:x/", "http://ca:80x/", "http://user@ca/", "http://ca/?query", "http://ca/#part",
        "http://ca/a b", "HTTP://ca/", "http://[::1/", "http://[::1]x/", "http://[ca]/", "http://a]b/",
        "http://ca/\r\nX: y"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
}

}  // namespace
}  // namespace madoguchi::base
