//! Several names in one column: `Dana Fox; Raj Patel`.

/// Joins names; a semicolon within one becomes a comma, so that they come apart again.
pub fn join<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let mut joined = String::new();
    for name in names {
        let name = name.trim();
        if name.is_empty() {
            continue;
        }
        if !joined.is_empty() {
            joined.push_str("; ");
        }
        joined.extend(name.chars().map(|c| if c == ';' { ',' } else { c }));
    }
    joined
}

/// Takes them apart again.
pub fn split(joined: &str) -> impl Iterator<Item = &str> {
    joined.split(';').map(str::trim).filter(|n| !n.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_apart_as_they_were_joined() {
        let joined = join(["Dana Fox", " ", "Raj; Patel", "Ines, Dr."]);

        assert_eq!(joined, "Dana Fox; Raj, Patel; Ines, Dr.");
        let names: Vec<_> = split(&joined).collect();
        assert_eq!(names, ["Dana Fox", "Raj, Patel", "Ines, Dr."]);
        assert_eq!(split("").count(), 0);
    }
}
