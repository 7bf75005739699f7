import Platform

/// The pages as text; every value that comes from outside is escaped here.
package enum HTML {
    package static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.append(character)
            }
        }
        return result
    }

    /// JSON that can stand in a script element: no `<` can end it.
    package static func embedded(json: String) -> String {
        json.replacing("<", with: "\\u003c")
    }

    package static func page(title: String, brand: String, body: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(escaped(title))</title>
        <link rel="icon" href="data:image/svg+xml,\(iconAddress)">
        <link rel="stylesheet" href="/static/millrace.css">
        </head>
        <body>
        <header class="bar"><a href="/">\(logo)\(escaped(brand))</a></header>
        <main>
        \(body)
        </main>
        </body>
        </html>

        """
    }

    private static let logo = """
        <svg viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="2.4" \
        stroke-linecap="round" aria-hidden="true"><circle cx="16" cy="12" r="8"/>\
        <path d="M16 4v16M8 12h16M10.3 6.3l11.4 11.4M21.7 6.3 10.3 17.7"/>\
        <path d="M3 26c3.2-3 6.5-3 9.7 0s6.5 3 9.7 0 4.8-2.6 6.6-1.4"/></svg>
        """

    private static let iconAddress =
        "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32' fill='none' "
        + "stroke='%230b6bcb' stroke-width='3'%3E%3Ccircle cx='16' cy='12' r='8'/%3E"
        + "%3Cpath d='M16 4v16M8 12h16M3 26c3-3 6-3 10 0s6 3 10 0 5-3 6-1'/%3E%3C/svg%3E"
}
