# Writes MANIFEST about LIBRARY: what the daemon knows of a plugin before anything of it runs.
file(SHA256 ${LIBRARY} digest)
file(STRINGS ${INCLUDE} version_lines REGEX "^#define MADOGUCHI_ABI_(MAJOR|MINOR) [0-9]+")
foreach(line IN LISTS version_lines)
  if(line MATCHES "MADOGUCHI_ABI_(MAJOR|MINOR) ([0-9]+)")
    set(abi_${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
  endif()
endforeach()
string(REPLACE "," "\", \"" hooks "${HOOKS}")
if(hooks)
  set(hooks "\"${hooks}\"")
endif()
get_filename_component(library ${LIBRARY} NAME)
file(WRITE ${MANIFEST} "{
  \"name\": \"${NAME}\",
  \"version\": \"${VERSION}\",
  \"vendor\": \"${VENDOR}\",
  \"abi\": {\"major\": ${abi_MAJOR}, \"minor\": ${abi_MINOR}},
  \"hooks\": [${hooks}],
  \"library\": \"${library}\",
  \"sha256\": \"${digest}\"
}
")
# Whoever may write to a plugin may replace it: the daemon refuses one that others than its owner can write to.
get_filename_component(folder ${LIBRARY} DIRECTORY)
file(CHMOD ${MANIFEST} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
file(CHMOD ${LIBRARY} ${folder} PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
