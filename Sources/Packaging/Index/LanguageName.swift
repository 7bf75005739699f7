/// Languages by the names that their own speakers read in a menu.
enum LanguageName {
    /// The name of a BCP 47 tag's language; the tag itself where the list has none.
    ///
    /// A region or script stays visible, as in `Português (BR)`.
    static func autonym(_ tag: String) -> String {
        let subtags = tag.split(separator: "-", maxSplits: 1)
        guard let primary = subtags.first, let name = names[primary.lowercased()] else {
            return tag
        }
        return subtags.count == 1 ? name : "\(name) (\(subtags[1]))"
    }

    private static let names: [String: String] = [
        "ar": "العربية", "bg": "Български", "bn": "বাংলা", "ca": "Català", "cs": "Čeština",
        "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά", "en": "English", "es": "Español",
        "et": "Eesti", "eu": "Euskara", "fa": "فارسی", "fi": "Suomi", "fr": "Français",
        "gl": "Galego", "he": "עברית", "hi": "हिन्दी", "hr": "Hrvatski", "hu": "Magyar",
        "id": "Bahasa Indonesia", "is": "Íslenska", "it": "Italiano", "ja": "日本語",
        "ko": "한국어", "lt": "Lietuvių", "lv": "Latviešu", "ms": "Bahasa Melayu",
        "nb": "Norsk bokmål",
        "nl": "Nederlands", "nn": "Norsk nynorsk", "no": "Norsk", "pl": "Polski", "pt": "Português",
        "ro": "Română", "ru": "Русский", "sk": "Slovenčina", "sl": "Slovenščina", "sr": "Српски",
        "sv": "Svenska", "ta": "தமிழ்", "te": "తెలుగు", "th": "ไทย", "tr": "Türkçe",
        "uk": "Українська", "ur": "اردو", "vi": "Tiếng Việt", "zh": "中文",
        "und": "Original",
    ]
}
