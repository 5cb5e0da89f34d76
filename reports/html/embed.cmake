# cmake -DOUT=FILE.cc -DFOLDER=. -P embed.cmake: the page templates as text in a source file.
set(text "// Generated from the templates of reports/html; see embed.cmake.\n#include \"reports/html/template.h\"\n\nnamespace understudy::reports {\n\n")
foreach(pair page_template=page.mustache index_template=index.mustache clauses_template=clauses.mustache
        case_template=case.mustache qualification_template=qualification.mustache audits_template=audits.mustache
        style_sheet=style.css page_script=script.js)
  string(REPLACE "=" ";" pair ${pair})
  list(GET pair 0 name)
  list(GET pair 1 file)
  file(READ ${FOLDER}/${file} content)
  string(APPEND text "const char* const ${name} = R\"~~~(${content})~~~\";\n\n")
endforeach()
string(APPEND text "}  // namespace understudy::reports\n")
file(WRITE ${OUT} "${text}")
