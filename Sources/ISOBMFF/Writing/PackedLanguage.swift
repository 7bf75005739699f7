/// A language as `mdhd` has it: three letters of five bits each.
///
/// ISO/IEC 14496-12 §8.4.2.3; ISO 639-2/T
package struct PackedLanguage: Hashable, Sendable {
    package let rawValue: UInt16

    /// `und`: not known, or not sayable in three letters.
    package static let undetermined = PackedLanguage(letters: "und".utf8)

    /// The three letters that come nearest to a BCP 47 tag.
    ///
    /// The first subtag decides: three letters stand for themselves, two go by ISO 639-1, and
    /// anything else is `und`.
    package init(tag: String) {
        let subtag = tag.lowercased().prefix { $0 != "-" }
        let areLetters = subtag.utf8.allSatisfy { Self.letters.contains($0) }
        switch subtag.utf8.count {
        case 3 where areLetters:
            self.init(letters: subtag.utf8)
        case 2 where areLetters:
            let row = Self.iso639.split(separator: " ").first { $0.hasPrefix(subtag) }
            self = row.map { Self(letters: $0.utf8.dropFirst(2)) } ?? .undetermined
        default:
            self = .undetermined
        }
    }

    /// Whether the code says all that `tag` says, so that no `elng` is needed.
    package static func isWhole(_ tag: String) -> Bool {
        tag.utf8.count == 3 && tag.utf8.allSatisfy { letters.contains($0) }
    }

    private init(letters: some Collection<UInt8>) {
        rawValue = letters.reduce(0) { $0 << 5 | UInt16($1 - 0x60) }
    }

    private static let letters = UInt8(ascii: "a")...UInt8(ascii: "z")

    /// ISO 639-1 codes, each with its ISO 639-2/T code behind it.
    private static let iso639 = """
        aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel \
        bgbul bhbih bibis bmbam bnben bobod brbre bsbos cacat ceche chcha cocos crcre csces \
        cuchu cvchv cycym dadan dedeu dvdiv dzdzo eeewe elell eneng eoepo esspa etest eueus \
        fafas ffful fifin fjfij fofao frfra fyfry gagle gdgla glglg gngrn guguj gvglv hahau \
        heheb hihin hohmo hrhrv hthat huhun hyhye hzher iaina idind ieile igibo iiiii ikipk \
        ioido isisl itita iuiku jajpn jvjav kakat kgkon kikik kjkua kkkaz klkal kmkhm knkan \
        kokor krkau kskas kukur kvkom kwcor kykir lalat lbltz lglug lilim lnlin lolao ltlit \
        lulub lvlav mgmlg mhmah mimri mkmkd mlmal mnmon mrmar msmsa mtmlt mymya nanau nbnob \
        ndnde nenep ngndo nlnld nnnno nonor nrnbl nvnav nynya ococi ojoji omorm orori ososs \
        papan pipli plpol pspus ptpor quque rmroh rnrun roron rurus rwkin sasan scsrd sdsnd \
        sesme sgsag sisin skslk slslv smsmo snsna sosom sqsqi srsrp ssssw stsot susun svswe \
        swswa tatam tetel tgtgk ththa titir tktuk tltgl tntsn toton trtur tstso tttat twtwi \
        tytah uguig ukukr ururd uzuzb veven vivie vovol wawln wowol xhxho yiyid yoyor zazha \
        zhzho zuzul
        """
}
