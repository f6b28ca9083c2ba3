//! A bounded reader of CBOR, for the claims of C2PA manifests. Source: RFC 8949.

use super::limits::{MAX_CBOR_DEPTH, MAX_CBOR_NODES};

/// One item. Texts and byte strings are borrowed, so an item costs no more than its own size.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item<'a> {
    Text(&'a str),
    Array(Vec<Item<'a>>),
    Map(Vec<(Item<'a>, Item<'a>)>),
    /// Numbers, byte strings, texts in pieces and the like: skipped over, as nothing here needs them.
    Other,
}

impl<'a> Item<'a> {
    /// The text, where it is one.
    pub(super) fn text(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Array(_) | Self::Map(_) | Self::Other => None,
        }
    }

    /// The items of an array; a single item counts as an array of itself, as older writers have it.
    pub(super) fn each(&self) -> &[Item<'a>] {
        match self {
            Self::Array(items) => items,
            Self::Text(_) | Self::Map(_) => std::slice::from_ref(self),
            Self::Other => &[],
        }
    }

    /// The value of a key of a map; of the first, where there are several.
    pub(super) fn get(&self, name: &str) -> Option<&Item<'a>> {
        match self {
            Self::Map(pairs) => {
                pairs.iter().find(|(key, _)| key.text() == Some(name)).map(|(_, value)| value)
            }
            Self::Text(_) | Self::Array(_) | Self::Other => None,
        }
    }
}

/// Reads the first item; `None` where it is malformed, cut, too deep or of too many parts.
pub(super) fn read(bytes: &[u8]) -> Option<Item<'_>> {
    Reader { rest: bytes, nodes: MAX_CBOR_NODES }.item(MAX_CBOR_DEPTH)
}

/// What follows the first byte of an item.
enum Length {
    Known(u64),
    /// Until a break.
    Open,
}

const BREAK: u8 = 0xff;

struct Reader<'a> {
    rest: &'a [u8],
    nodes: usize,
}

impl<'a> Reader<'a> {
    fn item(&mut self, depth: usize) -> Option<Item<'a>> {
        let depth = depth.checked_sub(1)?;
        self.nodes = self.nodes.checked_sub(1)?;
        let first = self.byte()?;
        let length = self.length(first & 0x1f)?;
        match (first >> 5, length) {
            (0 | 1 | 7, Length::Known(_)) => Some(Item::Other),
            (2, Length::Known(size)) => self.bytes(size).map(|_| Item::Other),
            (3, Length::Known(size)) => {
                Some(std::str::from_utf8(self.bytes(size)?).map_or(Item::Other, Item::Text))
            }
            (2 | 3, Length::Open) => {
                while !self.at_break()? {
                    self.item(depth)?;
                }
                Some(Item::Other)
            }
            (4, length) => {
                let mut items = Vec::new();
                let mut left = length;
                while self.more(&mut left)? {
                    items.push(self.item(depth)?);
                }
                Some(Item::Array(items))
            }
            (5, length) => {
                let mut pairs = Vec::new();
                let mut left = length;
                while self.more(&mut left)? {
                    pairs.push((self.item(depth)?, self.item(depth)?));
                }
                Some(Item::Map(pairs))
            }
            // A tag says how to read what follows; what follows is all that counts here.
            (6, Length::Known(_)) => self.item(depth),
            _ => None,
        }
    }

    /// Whether a container has another member. What it declares takes no memory.
    fn more(&mut self, left: &mut Length) -> Option<bool> {
        match left {
            Length::Known(0) => Some(false),
            Length::Known(left) => {
                *left -= 1;
                Some(true)
            }
            Length::Open => Some(!self.at_break()?),
        }
    }

    fn at_break(&mut self) -> Option<bool> {
        let found = *self.rest.first()? == BREAK;
        if found {
            self.rest = &self.rest[1..];
        }
        Some(found)
    }

    fn length(&mut self, info: u8) -> Option<Length> {
        Some(match info {
            0..=23 => Length::Known(info.into()),
            24 => Length::Known(self.byte()?.into()),
            25 => Length::Known(u16::from_be_bytes(self.array()?).into()),
            26 => Length::Known(u32::from_be_bytes(self.array()?).into()),
            27 => Length::Known(u64::from_be_bytes(self.array()?)),
            31 => Length::Open,
            _ => return None,
        })
    }

    fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*array)
    }

    fn bytes(&mut self, size: u64) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(usize::try_from(size).ok()?)?;
        self.rest = rest;
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::{Item, read};

    #[test]
    fn maps_arrays_and_texts_are_read() {
        // {"a": ["x", 1, h'00'], "b": tag 0 "y"}
        let bytes = b"\xa2\x61a\x83\x61x\x01\x41\0\x61b\xc0\x61y";
        let item = read(bytes).unwrap();
        assert_eq!(item.get("a").unwrap().each().len(), 3);
        assert_eq!(item.get("a").unwrap().each()[0].text(), Some("x"));
        assert_eq!(item.get("b").unwrap().text(), Some("y"));
        assert_eq!(item.get("b").unwrap().each().len(), 1);
        assert_eq!(item.get("c"), None);
        // The same with open lengths.
        assert_eq!(read(b"\xbf\x61a\x9f\x61x\xff\xff").unwrap().get("a").unwrap().each().len(), 1);
        assert_eq!(read(b"\x7f\x61x\x61y\xff"), Some(Item::Other));
    }

    #[test]
    fn what_lies_about_its_size_is_refused() {
        let deep = [b"\x81".repeat(10_000), b"\x01".to_vec()].concat();
        let wide = [b"\x9f".to_vec(), b"\x01".repeat(1_000_000), b"\xff".to_vec()].concat();
        let cases: [&[u8]; 9] = [
            b"",
            b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01",
            b"\x7b\xff\xff\xff\xff\xff\xff\xff\xffx",
            b"\x82\x01",
            b"\x1c",
            b"\xff",
            &deep,
            &wide,
        ];
        for bytes in cases {
            assert_eq!(read(bytes), None, "{:?}", &bytes[..bytes.len().min(9)]);
        }
    }
}
