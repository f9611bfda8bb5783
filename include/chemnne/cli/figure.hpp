#pragma once
#include <string>

#include <chemnne/cli/gnuplot.hpp>
#include <chemnne/cli/html.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// A figure of a page: `name`.png in the folder of figures, with what to say about it.
struct Figure {
  std::string name;
  std::string title;
  std::string caption;
  bool drawn = false;  ///< the picture is there
};

/// Title, embedded picture (or a word why there is none) and caption.
inline std::string html_figure(const GnuplotFigures& figures, const Figure& figure) {
  std::string html = "<h2>" + html_text(figure.title) + "</h2>\n<figure>\n";
  if (figure.drawn)
    html += "<img alt=\"" + html_text(figure.title) + "\" src=\"data:image/png;base64," +
            base64(read_bytes(figures.path(figure.name + ".png"))) + "\">\n";
  else
    html += "<p class=\"warning\">Not drawn; script and data are in <code>figures/" + figure.name +
            ".gp</code>.</p>\n";
  return html + "<figcaption>" + html_text(figure.caption) + "</figcaption>\n</figure>\n";
}

}  // namespace chemnne
