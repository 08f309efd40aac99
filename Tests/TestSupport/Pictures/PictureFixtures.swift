import Foundation

/// Small picture files that Pillow 13.0.0 wrote (with libjpeg-turbo 3.2.0 and libwebp
/// 1.6.0), in base64. The pictures are given by formulas; see `Formula`.
package enum PictureFixtures {
    package static let pngRGBA = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAYAAAAECAYAAACtBE5DAAAAIElEQVR42mMUkTvxX4Ph+SN0zMJg9O0uA8O3\
        R+iYdAkAzfEtc+UeuFwAAAAASUVORK5CYII=
        """)

    package static let pngRGB = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAYAAAAECAIAAAAiZtkUAAAAG0lEQVR42mMUkTuhwfAcGbEwGH1jYEBBxAkB\
        AI8vGDUfSUN7AAAAAElFTkSuQmCC
        """)

    package static let pngGrey = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAYAAAAECAAAAACIbxGfAAAAF0lEQVR42mPk0tDQ0NBgYmVlZWVlRaUAGAsB\
        NGENXaMAAAAASUVORK5CYII=
        """)

    package static let pngGreyAlpha = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAYAAAAECAQAAAAHDYbIAAAAF0lEQVR42mPk+q/xCAZZWO+yPoJB3BwATnYW\
        eKT3YXgAAAAASUVORK5CYII=
        """)

    package static let pngGrey16 = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAYAAAAEEAAAAADY/83cAAAAK0lEQVR4nGNkYGB+wQKDKposmswvWARZBFkE\
        WVQ0WQRZNFleML+AcQQhAgA3MQptxcv0WAAAAABJRU5ErkJggg==
        """)

    package static let pngBits = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAYAAAAEAQAAAACFf3PuAAAAEElEQVR4nGMIYQphCGEKAQAFWAFVs0g7wAAA\
        AABJRU5ErkJggg==
        """)

    package static let pngPalette = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAYAAAAECAMAAACa2r5xAAAASFBMVEUUHsg8Hq9kHpaMHn20HmTcHksUUL48\
        UKVkUIyMUHO0UFrcUEEUgrQ8gptkgoKMgmm0glDcgjcUtKo8tJFktHiMtF+0tEbctC0AG8xGAAAAGHRSTlP/\
        4cOlh2ncvqCCZEa5m31fQSOWeFo8HgCSnxBIAAAAJElEQVR4nGNgYGRiZmFlYGPn4OTiZuDh5eMXEGQQEhYR\
        FRMHAAoCARX6FQ+xAAAAAElFTkSuQmCC
        """)

    package static let pngColourKey = decoded(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAYAAAAECAIAAAAiZtkUAAAABnRSTlMAZABQAIyKpjenAAAAG0lEQVR4nGMU\
        kTuhwfAcGbEwGH1jYEBBxAkBAI8vGDXkTfnpAAAAAElFTkSuQmCC
        """)

    package static let jpegRGB = decoded(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQICAQEBAQMCAgICAwMEBAMDAwMEBAYF\
        BAQFBAMDBQcFBQYGBgYGBAUHBwcGBwYGBgb/2wBDAQEBAQEBAQMCAgMGBAMEBgYGBgYGBgYGBgYGBgYGBgYG\
        BgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgb/wAARCAAQABADAREAAhEBAxEB/8QAHwAAAQUBAQEB\
        AQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKB\
        kaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1\
        dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl\
        5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcF\
        BAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5\
        OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0\
        tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD8m/Bf7P3+\
        pIsfTP7uv9u/Fvx8fv8A738T8D8CfFxv2fv9up9d+Cv2fsiIfYvTH7uv8vfFvx8fv/vPxP8AaDwI8W/4fv8A\
        Y/QnwT+z/wD6oGx9M/u6/DPFzx8Xv/vPxP8Ake8CfFxL2fv9j668Ffs/YMP+hcHGP3df5feLnj4vf/e/if7P\
        +BPi7/D9/sf/2Q==
        """)

    package static let jpegProgressive = decoded(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQICAQEBAQMCAgICAwMEBAMDAwMEBAYF\
        BAQFBAMDBQcFBQYGBgYGBAUHBwcGBwYGBgb/2wBDAQEBAQEBAQMCAgMGBAMEBgYGBgYGBgYGBgYGBgYGBgYG\
        BgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgb/wgARCAAQABADASIAAhEBAxEB/8QAFQABAQAAAAAA\
        AAAAAAAAAAAABwj/xAAUAQEAAAAAAAAAAAAAAAAAAAAG/9oADAMBAAIQAxAAAAGTV2hV1AY//8QAFhAAAwAA\
        AAAAAAAAAAAAAAAAAAQG/9oACAEBAAEFAkp8SnxKfEp8/8QAFxEBAAMAAAAAAAAAAAAAAAAABwAiM//aAAgB\
        AwEBPwEJW87z/8QAFxEBAAMAAAAAAAAAAAAAAAAABwAjMv/aAAgBAgEBPwFbfN2T/8QAFxAAAwEAAAAAAAAA\
        AAAAAAAAAAEiof/aAAgBAQAGPwJRgowUYKMP/8QAFBABAAAAAAAAAAAAAAAAAAAAIP/aAAgBAQABPyEGBIn/\
        2gAMAwEAAgADAAAAEEf/xAAXEQADAQAAAAAAAAAAAAAAAAAAAUGR/9oACAEDAQE/EF40/8QAFhEAAwAAAAAA\
        AAAAAAAAAAAAAEGh/9oACAECAQE/ELLP/8QAGhAAAwADAQAAAAAAAAAAAAAAAAERMUFRYf/aAAgBAQABPxDK\
        XFF0vmDBfFE3pcg//9k=
        """)

    package static let jpegGrey = decoded(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQICAQEBAQMCAgICAwMEBAMDAwMEBAYF\
        BAQFBAMDBQcFBQYGBgYGBAUHBwcGBwYGBgb/wAALCAAQABABAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAEC\
        AwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAk\
        M2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJ\
        ipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3\
        +Pn6/9oACAEBAAA/AP51/wBm34Jf8eH+if3f4K/oA/Zt+CX/AB4f6J/d/gr5/wD2bfgl/wAeH+if3f4K/oA/\
        Zt+CX/Hh/on93+Cv/9k=
        """)

    package static let jpegCMYK = decoded(
        """
        /9j/7gAOQWRvYmUAZAAAAAAA/9sAQwABAQEBAQEBAQEBAQEBAQECAgEBAQEDAgICAgMDBAQDAwMDBAQGBQQE\
        BQQDAwUHBQUGBgYGBgQFBwcHBgcGBgYG/8AAFAgAEAAQBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAA\
        AAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNC\
        scEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6\
        g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq\
        8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD+uD9rb/mJ/wDA6/r8/wCGpP8AqI/+Ra/os+Lf/L1+NfuJ/wAJ\
        v/02/wDHq/l//a2/5if/AAOj/hqT/qI/+Ra/L/4t/wDL1+NH/Cb/APTb/wAer+oD9rb/AJif/A6/m/8A+GpP\
        +oj/AORa/UD4t/8AL1+NfH//AAm//Tb/AMer+X/9rb/mJ/8AA6P+GpP+oj/5Fr8v/i3/AMvX40f8Jv8A9Nv/\
        AB6v/9k=
        """)

    package static let webpLossless = decoded(
        """
        UklGRkQAAABXRUJQVlA4TDgAAAAvBcAAELmM6H/sIqL/AYVsJEFLshDrb/fdIQgEUhzEEIsFE3+zmWTQrSBt\
        A6b+Pe4qmQAG3F3WAw==
        """)

    package static let webpLossy = decoded(
        """
        UklGRqoAAABXRUJQVlA4WAoAAAAQAAAADwAADwAAQUxQSBYAAAABuQpE9D9ApG3j3/GGBg9PIyYgi6W7VlA4\
        IG4AAADQAwCdASoQABAAAAAEJbACdLcApQH8A+wDeAP4B9gGr/geiZTDOqAA/v/+WfbdigZrrezJ3w80+Tli\
        qSUFDmFm7YNiOgmOuWCL/+47XOE/2d8+tmfbqRf/f9JD8v/aAqX/38i5Z//tfVhp0bYAAA==
        """)

    package static let webpAnimated = decoded(
        """
        UklGRjABAABXRUJQVlA4WAoAAAASAAAABQAAAwAAQU5JTQYAAAAAAAAAAABBTk1GfgAAAAAAAAAAAAUAAAMA\
        AGQAAAJWUDhMZQAAAC8FwAAQt2CQbaRnOqZnepLnKNVBKGQjCdIp1uEczgtzOASBIBwbbLDB/ioZqG3byM1V\
        qi/f5z+Cw98/SHUBsLkEAFxcyuuQ6gLz+VDYtpGaOr5nhoj+x7t7lHBWzy6zJWOsUQk+AEFOTUZ+AAAAAAAA\
        AAAABQAAAwAAZAAAAlZQOExlAAAALwXAABC3YJBtpGc6pmd6kuco1UEoZCMJ0inW4RzOC3M4BIEgHBtssMH+\
        KhmobdvIzVWqL9/nP4LD3z9IdQGwuQQAXFzK65DqAvP5UNi2kZo6vmeGiP5HKGPfJ577OsiW2vxAGisA
        """)

    package static let bmpRGB = decoded(
        """
        Qk2GAAAAAAAAADYAAAAoAAAABgAAAAQAAAABABgAAAAAAFAAAADEDgAAxA4AAAAAAAAAAAAAqrQUkbQ8eLRk\
        X7SMRrS0LbTcAAC0ghSbgjyCgmRpgoxQgrQ3gtwAAL5QFKVQPIxQZHNQjFpQtEFQ3AAAyB4Urx48lh5kfR6M\
        ZB60Sx7cAAA=
        """)

    package static let bmpPalette = decoded(
        """
        Qk22AAAAAAAAAJYAAAAoAAAABgAAAAQAAAABAAgAAAAAACAAAADEDgAAxA4AABgAAAAYAAAAyB4UAK8ePACW\
        HmQAfR6MAGQetABLHtwAvlAUAKVQPACMUGQAc1CMAFpQtABBUNwAtIIUAJuCPACCgmQAaYKMAFCCtAA3gtwA\
        qrQUAJG0PAB4tGQAX7SMAEa0tAAttNwAEhMUFRYXAAAMDQ4PEBEAAAYHCAkKCwAAAAECAwQFAAA=
        """)

    package static let bmpRGBA = decoded(
        """
        Qk2WAAAAAAAAADYAAAAoAAAABgAAAAQAAAABACAAAAAAAGAAAADEDgAAxA4AAAAAAAAAAAAAqrQUlpG0PHh4\
        tGRaX7SMPEa0tB4ttNwAtIIUuZuCPJuCgmR9aYKMX1CCtEE3gtwjvlAU3KVQPL6MUGSgc1CMglpQtGRBUNxG\
        yB4U/68ePOGWHmTDfR6MpWQetIdLHtxp
        """)

    package static let tgaRGB = decoded(
        """
        AAACAAAAAAAAAAAABgAEABgAqrQUkbQ8eLRkX7SMRrS0LbTctIIUm4I8goJkaYKMUIK0N4LcvlAUpVA8jFBk\
        c1CMWlC0QVDcyB4Urx48lh5kfR6MZB60Sx7cAAAAAAAAAABUUlVFVklTSU9OLVhGSUxFLgA=
        """)

    package static let tgaRGBA = decoded(
        """
        AAAKAAAAAAAAAAAABgAEACAIBaq0FJaRtDx4eLRkWl+0jDxGtLQeLbTcAAW0ghS5m4I8m4KCZH1pgoxfUIK0\
        QTeC3CMFvlAU3KVQPL6MUGSgc1CMglpQtGRBUNxGBcgeFP+vHjzhlh5kw30ejKVkHrSHSx7caQAAAAAAAAAA\
        VFJVRVZJU0lPTi1YRklMRS4A
        """)

    package static let tgaGrey = decoded(
        """
        AAADAAAAAAAAAAAABgAEAAgAGUFpkbnhFDxkjLTcDzdfh6/XCjJagqrSAAAAAAAAAABUUlVFVklTSU9OLVhG\
        SUxFLgA=
        """)

    package static let tgaPalette = decoded(
        """
        AAEBAAAYABgAAAAABgAEAAgAyB4Urx48lh5kfR6MZB60Sx7cvlAUpVA8jFBkc1CMWlC0QVDctIIUm4I8goJk\
        aYKMUIK0N4LcqrQUkbQ8eLRkX7SMRrS0LbTcEhMUFRYXDA0ODxARBgcICQoLAAECAwQFAAAAAAAAAABUUlVF\
        VklTSU9OLVhGSUxFLgA=
        """)

    package static let gif = decoded(
        """
        R0lGODlhBgAEAIQAABQeyDwer2QelowefbQeZNweSxRQvjxQpWRQjIxQc7RQWtxQQRSCtDyCm2SCgoyCabSC\
        UNyCNxS0qjy0kWS0eIy0X7S0Rty0LQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACH5BAEAAAgALAAAAAAGAAQA\
        AAgeAAEEEDCAQAEDBxAkULCAQQMHDyBEkDCBQgULFwICADs=
        """)

    package static let gifAnimated = decoded(
        """
        R0lGODlhBgAEAIQAABQeyDwer2QelowefbQeZNweSxRQvjxQpWRQjIxQc7RQWtxQQRSCtDyCm2SCgoyCabSC\
        UNyCNxS0qjy0kWS0eIy0X7S0Rty0LQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACH5BAAKAAAALAAAAAAGAAQA\
        AAgeAAEEEDCAQAEDBxAkULCAQQMHDyBEkDCBQgULFwICACH5BAEKABgALAAAAAAGAAQAhBQeyDwer2Qelowe\
        fbQeZNweSxRQvjxQpWRQjIxQc7RQWtxQQRSCtDyCm2SCgoyCabSCUNyCNxS0qjy0kWS0eIy0X7S0Rty0LQAA\
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAgeAAsQGCAgAIAFChIgOGAgAoQHDhowuGChAoUJEgICADs=
        """)

    package static let ppm = decoded(
        """
        UDYKNiA0CjI1NQoUHsg8Hq9kHpaMHn20HmTcHksUUL48UKVkUIyMUHO0UFrcUEEUgrQ8gptkgoKMgmm0glDc\
        gjcUtKo8tJFktHiMtF+0tEbctC0=
        """)

    package static let pgm = decoded(
        """
        UDUKNiA0CjI1NQoKMlqCqtIPN1+Hr9cUPGSMtNwZQWmRueE=
        """)

    /// A file of every format that can be read, by the format's name.
    package static let byFormat: [(name: String, files: [[UInt8]])] = [
        (
            "png",
            [pngRGBA, pngRGB, pngGrey, pngGreyAlpha, pngGrey16, pngBits, pngPalette, pngColourKey]
        ),
        ("jpeg", [jpegRGB, jpegProgressive, jpegGrey, jpegCMYK]),
        ("webp", [webpLossless, webpLossy, webpAnimated]),
        ("bmp", [bmpRGB, bmpPalette, bmpRGBA]), ("tga", [tgaRGB, tgaRGBA, tgaGrey, tgaPalette]),
        ("gif", [gif, gifAnimated]), ("psd", [PlainFiles.psd]), ("pnm", [ppm, pgm]),
    ]

    private static func decoded(_ base64: String) -> [UInt8] {
        Array(Data(base64Encoded: base64) ?? Data())
    }
}
