/* A shared object as a plugin's is, to begin with. */
const void* madoguchi_plugin_query(void) {
  return 0;
}
