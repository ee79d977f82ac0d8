//! A file's bytes as UTF-8 text, decoded as they are read.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, WINDOWS_1252};

const BLOCK: usize = 64 * 1024;
/// Bytes kept from the block before: a broken UTF-8 sequence may begin there.
const TAIL: usize = 4;

/// What was met while reading; shared with whoever shows progress.
#[derive(Debug, Default)]
pub struct Counts {
    /// Bytes of the file read so far.
    pub read: AtomicU64,
    /// NUL characters dropped.
    pub nuls: AtomicU64,
    /// Bytes that are not of the encoding: read as Windows-1252 in a UTF-8 file, else as U+FFFD.
    pub strays: AtomicU64,
}

/// Decodes a reader to UTF-8 without a byte order mark and without NUL.
pub(crate) struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    is_utf8: bool,
    raw: Box<[u8]>,
    pos: usize,
    end: usize,
    is_last: bool,
    text: Vec<u8>,
    given: usize,
    counts: Arc<Counts>,
}

impl<R: Read> Decoded<R> {
    pub(crate) fn new(inner: R, encoding: &'static Encoding, counts: Arc<Counts>) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            is_utf8: encoding == UTF_8,
            raw: vec![0; TAIL + BLOCK].into_boxed_slice(),
            pos: TAIL,
            end: TAIL,
            is_last: false,
            text: Vec::new(),
            given: 0,
            counts,
        }
    }

    /// Fills `text`; leaves it empty only at the end.
    fn fill(&mut self) -> io::Result<()> {
        self.given = 0;
        self.text.clear();
        while self.text.is_empty() {
            if self.pos == self.end {
                if self.is_last {
                    return Ok(());
                }
                self.raw.copy_within(self.end - TAIL..self.end, 0);
                let read = loop {
                    match self.inner.read(&mut self.raw[TAIL..]) {
                        Ok(n) => break n,
                        Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                        Err(e) => return Err(e),
                    }
                };
                self.counts.read.fetch_add(read as u64, Ordering::Relaxed);
                self.pos = TAIL;
                self.end = TAIL + read;
                self.is_last = read == 0;
            }
            self.decode();
            if self.text.contains(&0) {
                let before = self.text.len();
                self.text.retain(|b| *b != 0);
                let dropped = (before - self.text.len()) as u64;
                self.counts.nuls.fetch_add(dropped, Ordering::Relaxed);
            }
        }
        Ok(())
    }

    /// Decodes up to the end of the block or to the first stray bytes.
    fn decode(&mut self) {
        self.text.resize(3 * BLOCK + 16, 0);
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
            &self.raw[self.pos..self.end],
            &mut self.text,
            self.is_last,
        );
        self.pos += read;
        self.text.truncate(written);
        if let DecoderResult::Malformed(len, after) = result {
            let stop = self.pos.saturating_sub(usize::from(after));
            let stray = &self.raw[stop.saturating_sub(usize::from(len))..stop];
            self.counts
                .strays
                .fetch_add(stray.len() as u64, Ordering::Relaxed);
            if self.is_utf8 {
                for byte in stray {
                    let byte = [*byte];
                    let (text, _) = WINDOWS_1252.decode_without_bom_handling(&byte);
                    self.text.extend_from_slice(text.as_bytes());
                }
            } else {
                self.text.extend_from_slice("\u{fffd}".as_bytes());
            }
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        if self.given == self.text.len() {
            self.fill()?;
        }
        let n = out.len().min(self.text.len() - self.given);
        out[..n].copy_from_slice(&self.text[self.given..self.given + n]);
        self.given += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{UTF_16BE, UTF_16LE};

    use super::*;

    /// Gives one byte at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else {
                return Ok(0);
            };
            out[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    fn decoded(bytes: &[u8], encoding: &'static Encoding) -> (String, Arc<Counts>) {
        let counts = Arc::new(Counts::default());
        let mut text = String::new();
        Decoded::new(Slow(bytes), encoding, Arc::clone(&counts))
            .read_to_string(&mut text)
            .unwrap();
        let mut whole = String::new();
        Decoded::new(bytes, encoding, Arc::default())
            .read_to_string(&mut whole)
            .unwrap();
        assert_eq!(text, whole, "byte by byte gives what one block gives");
        (text, counts)
    }

    #[test]
    fn a_mark_at_the_start_is_no_text() {
        assert_eq!(decoded(b"\xef\xbb\xbfId", UTF_8).0, "Id");
        assert_eq!(decoded(b"\xff\xfeI\0d\0", UTF_16LE).0, "Id");
        assert_eq!(decoded(b"\xfe\xff\0I\0d", UTF_16BE).0, "Id");
    }

    #[test]
    fn a_stray_byte_in_utf8_is_read_as_windows_1252_and_counted() {
        let (text, counts) = decoded(b"M\xc3\xbcller M\xfcller caf\xe9", UTF_8);

        assert_eq!(text, "Müller Müller café");
        assert_eq!(counts.strays.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn nuls_are_dropped_and_counted() {
        let (text, counts) = decoded(b"a\0b\0\0c", UTF_8);

        assert_eq!(text, "abc");
        assert_eq!(counts.nuls.load(Ordering::Relaxed), 3);
    }
}
