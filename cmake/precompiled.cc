// The precompiled header is built from this one source; see CMakeLists.txt.
