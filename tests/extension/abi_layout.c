/* The ABI compiles as C11, and its layout is that of 1.0: what has been built against it stays loadable. Members may only be
 * added behind these, with a new minor. */
#include <madoguchi/abi.h>

#define AT(type, member, offset) \
  _Static_assert(offsetof(type, member) == (offset), #type "." #member " has moved: that is a new major")

AT(MadoguchiText, data_borrowed, 0);
AT(MadoguchiText, size, 8);
AT(MadoguchiWriter, struct_size, 0);
AT(MadoguchiWriter, state_host, 8);
AT(MadoguchiWriter, write, 16);
AT(MadoguchiHost, struct_size, 0);
AT(MadoguchiHost, abi_major, 8);
AT(MadoguchiHost, abi_minor, 12);
AT(MadoguchiHost, state_host, 16);
AT(MadoguchiHost, log, 24);
AT(MadoguchiPlugin, struct_size, 0);
AT(MadoguchiPlugin, abi_major, 8);
AT(MadoguchiPlugin, abi_minor, 12);
AT(MadoguchiPlugin, name, 16);
AT(MadoguchiPlugin, version, 24);
AT(MadoguchiPlugin, vendor, 32);
AT(MadoguchiPlugin, hooks, 40);
AT(MadoguchiPlugin, threads, 44);
AT(MadoguchiPlugin, describe, 48);
AT(MadoguchiPlugin, check, 56);
AT(MadoguchiPlugin, create, 64);
AT(MadoguchiPlugin, destroy, 72);
AT(MadoguchiPlugin, decide, 80);
AT(MadoguchiPlugin, schedule, 88);
AT(MadoguchiPlugin, advance, 96);
AT(MadoguchiPlugin, call, 104);

int madoguchi_abi_is_c(void) { return MADOGUCHI_ABI_MAJOR == 1; }
