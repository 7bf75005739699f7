/// Languages as descriptors of a transport stream say them: three letters.
///
/// ISO 639-2/T; BCP 47 prefers the two letters of ISO 639-1 where a language has them.
enum LanguageCode {
    /// The three letters for a BCP 47 tag, from its primary subtag; nil where there are none.
    static func threeLetters(of tag: String) -> [UInt8]? {
        let primary = tag.utf8.prefix { $0 != UInt8(ascii: "-") }.map { $0 | 0x20 }
        guard primary.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }) else {
            return nil
        }
        switch primary.count {
        case 3: return primary
        case 2:
            return table.first { $0.prefix(2).elementsEqual(primary) }.map {
                Array($0.dropFirst(2))
            }
        default: return nil
        }
    }

    /// Two letters of ISO 639-1, then the three of ISO 639-2/T.
    static let table = codes.utf8.split {
        $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n")
    }

    private static let codes = """
        aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel
        bgbul bhbih bibis bmbam bnben bobod brbre bsbos cacat ceche chcha cocos crcre csces
        cuchu cvchv cycym dadan dedeu dvdiv dzdzo eeewe elell eneng eoepo esspa etest eueus
        fafas ffful fifin fjfij fofao frfra fyfry gagle gdgla glglg gngrn guguj gvglv hahau
        heheb hihin hohmo hrhrv hthat huhun hyhye hzher iaina idind ieile igibo iiiii ikipk
        ioido isisl itita iuiku jajpn jvjav kakat kgkon kikik kjkua kkkaz klkal kmkhm knkan
        kokor krkau kskas kukur kvkom kwcor kykir lalat lbltz lglug lilim lnlin lolao ltlit
        lulub lvlav mgmlg mhmah mimri mkmkd mlmal mnmon mrmar msmsa mtmlt mymya nanau nbnob
        ndnde nenep ngndo nlnld nnnno nonor nrnbl nvnav nynya ococi ojoji omorm orori ososs
        papan pipli plpol pspus ptpor quque rmroh rnrun roron rurus rwkin sasan scsrd sdsnd
        sesme sgsag sisin skslk slslv smsmo snsna sosom sqsqi srsrp ssssw stsot susun svswe
        swswa tatam tetel tgtgk ththa titir tktuk tltgl tntsn toton trtur tstso tttat twtwi
        tytah uguig ukukr ururd uzuzb veven vivie vovol wawln wowol xhxho yiyid yoyor zazha
        zhzho zuzul
        """
}
