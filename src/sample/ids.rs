//! Salesforce's ids.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECKS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/// Makes an id of 18 characters: three for the object, two for the server, one that is always 0,
/// nine that count, and three that say which of the others are capitals.
pub(super) fn id(object: &str, number: usize) -> String {
    let mut tail = [b'0'; 9];
    let mut left = number;
    for place in tail.iter_mut().rev() {
        *place = DIGITS[left % 62];
        left /= 62;
    }
    let tail: String = tail.iter().map(|byte| char::from(*byte)).collect();
    let short = format!("{object}Wk0{tail}");
    let checks: String = short.as_bytes().chunks(5).map(check).collect();
    format!("{short}{checks}")
}

/// Returns the letter that tells which of five characters are capitals.
fn check(five: &[u8]) -> char {
    let capitals = five.iter().enumerate().fold(0, |sum, (place, byte)| {
        sum | usize::from(byte.is_ascii_uppercase()) << place
    });
    char::from(CHECKS[capitals])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_letters_are_those_of_ids_that_salesforce_gave() {
        for given in [
            "001Ec00000FzlUdIAJ",
            "006Ec00000AieKFIAZ",
            "008bm00000UoqOjAAJ",
        ] {
            let checks: String = given.as_bytes()[..15].chunks(5).map(check).collect();
            assert_eq!(checks, given[15..], "{given}");
        }
    }

    #[test]
    fn numbers_have_ids_of_their_own() {
        assert_eq!(id("006", 0), "006Wk0000000000IAA");
        assert_ne!(id("006", 1), id("006", 2));
        assert_eq!(id("006", 61).len(), 18);
    }
}
