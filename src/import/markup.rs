//! Looks through the XML of a workbook as it is inflated, before anything of it is kept.
//!
//! What reads a workbook holds one cell, one row's tag or one shared string in memory. So the
//! bytes from one of them to the next are bounded here, and the counts by which a reader would
//! reserve memory are not believed.

/// What a part of a workbook may have.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    /// Bytes from one cell, row or shared string to the next; of a part that has none: all.
    gap: u64,
    /// Bytes of all shared strings: they are held in memory.
    strings: u64,
    /// How many shared strings there may be.
    count: u64,
    /// How many merged areas there may be.
    merged: u64,
}

const BOUNDS: Bounds = Bounds {
    gap: 16 * 1024 * 1024,
    strings: 128 * 1024 * 1024,
    count: 4_000_000,
    merged: 200_000,
};
/// Bytes of a tag that are looked at.
const TAG: usize = 512;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Text,
    /// In a tag; the quote that is open.
    Tag(Option<u8>),
    /// In `<!-- -->`, `<![CDATA[ ]]>` or `<? ?>`, up to the last bytes of its end.
    Skip(&'static [u8]),
}

/// One part of a workbook, seen block by block.
#[derive(Debug)]
pub(crate) struct Markup {
    bounds: Bounds,
    at: At,
    /// The start of the tag, or the last bytes of what is skipped.
    tag: Vec<u8>,
    size: u64,
    gap: u64,
    strings: u64,
    merged: u64,
    /// The first tag is that of a sheet or of the shared strings.
    is_rows: Option<bool>,
    is_strings: bool,
}

impl Markup {
    pub(crate) fn new() -> Self {
        Self::within(BOUNDS)
    }

    fn within(bounds: Bounds) -> Self {
        Self {
            bounds,
            at: At::Text,
            tag: Vec::with_capacity(TAG),
            size: 0,
            gap: 0,
            strings: 0,
            merged: 0,
            is_rows: None,
            is_strings: false,
        }
    }

    /// Whether there are merged areas.
    pub(crate) fn is_merged(&self) -> bool {
        self.merged > 0
    }

    /// Takes the next block; says why the part must not be read.
    pub(crate) fn feed(&mut self, block: &[u8]) -> Result<(), &'static str> {
        let mut at = 0;
        while at < block.len() {
            let from = at;
            match self.at {
                At::Text => match block[at..].iter().position(|b| *b == b'<') {
                    Some(n) => {
                        at += n + 1;
                        self.at = At::Tag(None);
                        self.tag.clear();
                    }
                    None => at = block.len(),
                },
                At::Tag(quote) => {
                    self.in_tag(block[at], quote)?;
                    at += 1;
                }
                At::Skip(end) => {
                    self.tag.push(block[at]);
                    if self.tag.len() > end.len() {
                        self.tag.remove(0);
                    }
                    if self.tag == end {
                        self.at = At::Text;
                    }
                    at += 1;
                }
            }
            self.pass((at - from) as u64)?;
        }
        Ok(())
    }

    fn pass(&mut self, bytes: u64) -> Result<(), &'static str> {
        self.size += bytes;
        self.gap += bytes;
        if self.gap > self.bounds.gap {
            return Err(if self.is_rows == Some(true) {
                "one cell of it goes on for more than 16 MiB"
            } else {
                "a part of it that is no sheet has more than 16 MiB"
            });
        }
        if self.is_strings && self.size > self.bounds.strings {
            return Err("the texts of its cells have more than 128 MiB");
        }
        Ok(())
    }

    fn in_tag(&mut self, byte: u8, quote: Option<u8>) -> Result<(), &'static str> {
        if let Some(open) = quote {
            if byte == open {
                self.at = At::Tag(None);
            }
        } else if byte == b'>' {
            self.at = At::Text;
            return self.close();
        } else if matches!(byte, b'"' | b'\'') {
            self.at = At::Tag(Some(byte));
        }
        if self.tag.len() < TAG {
            self.tag.push(byte);
            self.at = match self.tag.as_slice() {
                b"?" => At::Skip(b"?>"),
                b"!--" => At::Skip(b"-->"),
                b"![CDATA[" => At::Skip(b"]]>"),
                b"!DOCTYPE" => return Err("it has a document type, which no workbook has"),
                _ => self.at,
            };
            if self.at != At::Tag(None) && !matches!(self.at, At::Tag(_)) {
                self.tag.clear();
            }
        }
        Ok(())
    }

    /// Looks at a tag that is complete, or at its first bytes.
    fn close(&mut self) -> Result<(), &'static str> {
        let name_end = self
            .tag
            .iter()
            .position(|b| b.is_ascii_whitespace() || *b == b'/')
            .unwrap_or(self.tag.len());
        let name = &self.tag[..name_end];
        let name = match name.iter().position(|b| *b == b':') {
            Some(colon) => &name[colon + 1..],
            None => name,
        };
        let is_rows = *self
            .is_rows
            .get_or_insert(matches!(name, b"worksheet" | b"sst"));
        match name {
            b"sst" => {
                self.is_strings = true;
                if declared(&self.tag).is_some_and(|n| n > self.bounds.count) {
                    return Err("it says to have more than 4,000,000 different texts");
                }
            }
            b"si" => {
                self.strings += 1;
                if self.strings > self.bounds.count {
                    return Err("its cells have more than 4,000,000 different texts");
                }
            }
            b"mergeCell" => {
                self.merged += 1;
                if self.merged > self.bounds.merged {
                    return Err("it has more than 200,000 merged cells");
                }
            }
            _ => {}
        }
        if is_rows && matches!(name, b"c" | b"row" | b"si") {
            self.gap = 0;
        }
        Ok(())
    }
}

/// The `uniqueCount` of a tag; a number that is none counts as the greatest.
fn declared(tag: &[u8]) -> Option<u64> {
    const WORD: &[u8] = b"uniqueCount";
    let at = tag.windows(WORD.len()).position(|w| w == WORD)?;
    let digits: String = tag[at + WORD.len()..]
        .iter()
        .skip_while(|b| !b.is_ascii_digit())
        .take_while(|b| b.is_ascii_digit())
        .map(|b| char::from(*b))
        .collect();
    Some(digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Bounds = Bounds {
        gap: 2_000,
        strings: 9_000,
        count: 100,
        merged: 50,
    };

    /// Feeds a text, and then something `times` times, in blocks that cut tags.
    fn feed(head: &str, again: &str, times: usize) -> Result<bool, &'static str> {
        let mut markup = Markup::within(SMALL);
        for block in head.as_bytes().chunks(3) {
            markup.feed(block)?;
        }
        for _ in 0..times {
            markup.feed(again.as_bytes())?;
        }
        Ok(markup.is_merged())
    }

    const SHEET: &str = "<?xml version=\"1.0\"?><worksheet><sheetData>";

    #[test]
    fn a_long_sheet_passes_and_a_long_cell_does_not() {
        let cell = format!("<c t=\"str\"><v>{}</v></c>", "x".repeat(1000));
        assert!(feed(SHEET, &cell, 100).is_ok());
        assert!(feed(SHEET, &"x".repeat(1000), 100).is_err());
    }

    #[test]
    fn cells_in_a_comment_a_quote_or_a_text_are_none() {
        for head in ["<!-- ", "<![CDATA[ ", "<v a=\"", "<?x "] {
            assert!(
                feed(&format!("{SHEET}{head}"), "<c><c><c>", 1_000).is_err(),
                "{head}"
            );
        }
        let ended = format!("{SHEET}<!-- <c> -->");
        assert!(feed(&ended, "<c/>", 1_000).is_ok());
    }

    #[test]
    fn what_is_no_sheet_must_be_small() {
        assert!(feed("<workbook>", "<row/><c/>", 1_000).is_err());
    }

    #[test]
    fn declared_counts_are_not_believed() {
        assert!(feed("<sst uniqueCount=\"99999999999999999999\">", "", 0).is_err());
        assert!(feed("<x:sst count='9000' uniqueCount='12'>", "", 0).is_ok());
        assert!(feed("<sst>", "<si/>", 101).is_err());
        assert!(feed("<sst>", &format!("<si>{}</si>", "x".repeat(500)), 20).is_err());
    }

    #[test]
    fn merged_cells_are_noticed_and_bounded() {
        let merged = "<worksheet><sheetData/><mergeCells>";
        let cell = "<mergeCell ref=\"A1:A2\"/>";
        assert_eq!(feed(merged, cell, 1), Ok(true));
        assert_eq!(feed(SHEET, "", 0), Ok(false));
        assert!(feed(merged, cell, 51).is_err());
    }

    #[test]
    fn a_document_type_is_refused() {
        assert!(feed("<!DOCTYPE x [<!ENTITY a \"b\">]>", "", 0).is_err());
    }
}
