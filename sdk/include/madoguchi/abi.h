/* The plugin ABI of madoguchi: the single source of truth. C11 and C++20.
 *
 * A plugin is a shared object that exports one function, madoguchi_plugin_query(), which gives a constant descriptor.
 * Everything else is reached through that. A hook takes a JSON document (UTF-8) as pointer and length and gives its
 * answer, a JSON document too, piece by piece to a writer of the host's. Nothing that either side allocated is freed by
 * the other; no exception and no C++ type crosses. README.md says what stands in the documents.
 *
 * Hooks are pure: the same request gives the same answer, and nothing outside is touched. So the host may repeat a call,
 * drop a late answer, or run the plugin in a process of its own.
 *
 * Names: `_borrowed` is valid during the call only; `_host` and `_plugin` say who owns what a pointer leads to.
 * Minor versions only add members at the end of structs, so a reader looks at struct_size before a later member. */
#ifndef MADOGUCHI_ABI_H
#define MADOGUCHI_ABI_H

#include <stddef.h>
#include <stdint.h>

#define MADOGUCHI_ABI_MAJOR 1
#define MADOGUCHI_ABI_MINOR 0
#define MADOGUCHI_QUERY_SYMBOL "madoguchi_plugin_query"

#ifdef __cplusplus
extern "C" {
#endif

/* What a hook says beside its document. Anything else counts as MADOGUCHI_FAILED. */
typedef int32_t MadoguchiStatus;
#define MADOGUCHI_OK 0       /* the document is the answer */
#define MADOGUCHI_REFUSED 1  /* the request is not valid; the document says why: {"error": "..."} */
#define MADOGUCHI_FAILED 2   /* the plugin could not answer; the document may say why: {"error": "..."} */

/* Bits of MadoguchiPlugin.hooks: what the plugin takes part in. Every plugin has `describe` and `check`. */
#define MADOGUCHI_HOOK_DECIDE 0x01u
#define MADOGUCHI_HOOK_SCHEDULE 0x02u
#define MADOGUCHI_HOOK_ADVANCE 0x04u
#define MADOGUCHI_HOOK_CALL 0x08u

/* Thread models. SERIAL: one call at a time, of all instances. CONCURRENT: any calls at once. */
#define MADOGUCHI_THREADS_SERIAL 0u
#define MADOGUCHI_THREADS_CONCURRENT 1u

#define MADOGUCHI_LOG_DEBUG 0
#define MADOGUCHI_LOG_INFO 1
#define MADOGUCHI_LOG_WARNING 2
#define MADOGUCHI_LOG_ERROR 3

/* Text that is somebody else's: not ended by NUL. */
typedef struct MadoguchiText {
  const char* data_borrowed;
  size_t size;
} MadoguchiText;

/* Where an answer goes. `write` may be called any number of times during the hook, and not after it. It gives 0, or
 * another value once the answer is longer than the host takes: stop then and return MADOGUCHI_FAILED. */
typedef struct MadoguchiWriter {
  size_t struct_size;
  void* state_host;
  int32_t (*write)(void* state_host, const char* data_borrowed, size_t size);
} MadoguchiWriter;

/* What the host offers; valid until `destroy` of the last instance has returned. */
typedef struct MadoguchiHost {
  size_t struct_size;
  uint32_t abi_major;
  uint32_t abi_minor;
  void* state_host;
  /* One line of UTF-8 to the daemon's log, with the plugin's name. Never a person's data. May be called at any time
   * during a hook, from the thread that runs it. */
  void (*log)(void* state_host, int32_t level, const char* line_borrowed, size_t size);
} MadoguchiHost;

typedef struct MadoguchiPlugin {
  size_t struct_size; /* sizeof(MadoguchiPlugin) as the plugin was compiled */
  uint32_t abi_major; /* MADOGUCHI_ABI_MAJOR as compiled: must equal the host's */
  uint32_t abi_minor; /* as compiled: must not be above the host's */

  /* As in the manifest; static text, ended by NUL. */
  const char* name;    /* lower-case letters, digits and '-' */
  const char* version; /* of the plugin */
  const char* vendor;

  uint32_t hooks;
  uint32_t threads;

  /* The plugin about itself: the JSON Schema of its policy section, its finding codes, its methods. */
  MadoguchiStatus (*describe)(const MadoguchiHost* host, const MadoguchiWriter* answer_host);

  /* Looks at a candidate policy's section: {"complaints": [...], "notices": [...]}. Needs no instance. */
  MadoguchiStatus (*check)(const MadoguchiHost* host, MadoguchiText request, const MadoguchiWriter* answer_host);

  /* Makes an instance for a section that `check` has accepted. On MADOGUCHI_OK *instance_plugin is handed to the hooks
   * and at last to `destroy`; otherwise it is not looked at. */
  MadoguchiStatus (*create)(const MadoguchiHost* host, MadoguchiText request, const MadoguchiWriter* answer_host,
                            void** instance_plugin);
  void (*destroy)(void* instance_plugin);

  /* NULL unless named in `hooks`. */
  MadoguchiStatus (*decide)(void* instance_plugin, MadoguchiText request, const MadoguchiWriter* answer_host);
  MadoguchiStatus (*schedule)(void* instance_plugin, MadoguchiText request, const MadoguchiWriter* answer_host);
  MadoguchiStatus (*advance)(void* instance_plugin, MadoguchiText request, const MadoguchiWriter* answer_host);
  MadoguchiStatus (*call)(void* instance_plugin, MadoguchiText request, const MadoguchiWriter* answer_host);
} MadoguchiPlugin;

/* Exported by every plugin. The descriptor is static and never changes. */
#if defined(__GNUC__)
#define MADOGUCHI_EXPORT __attribute__((visibility("default")))
#else
#define MADOGUCHI_EXPORT
#endif
typedef const MadoguchiPlugin* (*MadoguchiQuery)(void);
MADOGUCHI_EXPORT const MadoguchiPlugin* madoguchi_plugin_query(void);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
