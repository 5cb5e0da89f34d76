# cmake -DOUT=FILE.cc -DFOLDER=. -P embed.cmake: the starts of `understudy new` as text in a source file.
set(text "// Generated from harness/app/starts; see embed.cmake.\n#include \"harness/app/starts.h\"\n\nnamespace understudy::app {\n\n")
foreach(pair start_of_dialect=dialect.yaml start_of_template=show_redundancy.textfsm start_of_testbed=testbed.yaml
        start_of_clauses=clauses.yaml start_of_cases=cases.yaml)
  string(REPLACE "=" ";" pair ${pair})
  list(GET pair 0 name)
  list(GET pair 1 file)
  file(READ ${FOLDER}/${file} content)
  string(APPEND text "const char* const ${name} = R\"~~~(${content})~~~\";\n\n")
endforeach()
string(APPEND text "}  // namespace understudy::app\n")
file(WRITE ${OUT} "${text}")
