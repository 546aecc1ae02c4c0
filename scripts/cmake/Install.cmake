# Where things go on a counter machine: `cmake --install build/release --prefix /usr`.
include(GNUInstallDirs)

install(TARGETS madoguchid RUNTIME DESTINATION ${CMAKE_INSTALL_SBINDIR})
install(TARGETS madoguchi RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
# An example to copy to /etc/madoguchi: what administrators have edited is never overwritten.
install(DIRECTORY config/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/config PATTERN templates EXCLUDE)
# The sheets' templates are used where they are; a city's own lie elsewhere (madoguchi-print --templates).
install(DIRECTORY config/templates DESTINATION share/madoguchi)

install(FILES systemd/madoguchid.service systemd/madoguchid.socket systemd/madoguchid-ended.target DESTINATION lib/systemd/system)
install(FILES systemd/madoguchi.sysusers DESTINATION lib/sysusers.d RENAME madoguchi.conf)
install(FILES systemd/madoguchi.tmpfiles DESTINATION lib/tmpfiles.d RENAME madoguchi.conf)
install(FILES systemd/50-madoguchi.rules DESTINATION share/polkit-1/rules.d)
