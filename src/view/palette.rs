//! Finding a place by a few letters of its name.

use super::lowered;
use crate::domain::PersonId;

/// Somewhere one can go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// What it is called.
    pub name: String,
    /// What tells it from others of that name.
    pub detail: String,
    /// Its address; of a conversation that is not there yet, that of the person.
    pub address: String,
    /// With whom a conversation is to be opened.
    pub person: Option<PersonId>,
    /// The icon beside it.
    pub icon: &'static str,
}

/// The best `limit` of `all` for the letters typed. Where nothing is typed, or two fit as well, those of `lately` come
/// first, in its order; then they stand as given.
pub fn find<'a>(all: &'a [Destination], typed: &str, lately: &[String], limit: usize) -> Vec<&'a Destination> {
    let typed = typed.trim().trim_start_matches(['#', '@', '/']);
    let typed = lowered(typed);
    let mut found: Vec<(u32, usize, &Destination)> = all
        .iter()
        .filter_map(|one| {
            let place = lately.iter().position(|address| *address == one.address).unwrap_or(lately.len());
            Some((misfit(&typed, &lowered(&one.name))?, place, one))
        })
        .collect();
    found.sort_by_key(|(misfit, place, _)| (*misfit, *place));
    found.into_iter().take(limit).map(|(.., one)| one).collect()
}

/// How badly the letters fit a name, 0 for one that begins so; `None` when they are not in it in this order. A letter that
/// begins a word is free, one that follows the last costs nothing, and every jump costs a little.
fn misfit(typed: &str, name: &str) -> Option<u32> {
    if name.starts_with(typed) {
        return Some(0);
    }
    let letters: Vec<char> = name.chars().collect();
    let begins_word = |at: usize| at == 0 || !letters[at - 1].is_alphanumeric();
    let (mut cost, mut next) = (1, 0);
    for letter in typed.chars().filter(|letter| !letter.is_whitespace()) {
        let rest = || (next..letters.len()).filter(|&at| letters[at] == letter);
        let follows = letters.get(next) == Some(&letter) && next > 0;
        let at = if follows { next } else { rest().find(|&at| begins_word(at)).or_else(|| rest().next())? };
        cost += match (follows, begins_word(at)) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 5,
        };
        next = at + 1;
    }
    Some(cost)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(names: &[&str]) -> Vec<Destination> {
        let one = |name: &&str| Destination {
            name: (*name).to_owned(),
            detail: String::new(),
            address: format!("/{name}"),
            person: None,
            icon: "hash",
        };
        names.iter().map(one).collect()
    }

    fn names<'a>(found: &[&'a Destination]) -> Vec<&'a str> {
        found.iter().map(|one| one.name.as_str()).collect()
    }

    // U01
    #[test]
    fn a_place_is_found_by_its_beginning_its_words_or_some_of_its_letters() {
        let all = all(&["announcements", "general", "game-night", "front-end", "random", "Émile's corner"]);
        assert_eq!(names(&find(&all, "g", &[], 9))[..2], ["general", "game-night"]);
        assert_eq!(names(&find(&all, "#GAME", &[], 9)), ["game-night"]);
        assert_eq!(names(&find(&all, "gn", &[], 9)), ["game-night", "general"], "the beginnings of words come first");
        assert_eq!(names(&find(&all, "fend", &[], 9)), ["front-end"]);
        assert_eq!(names(&find(&all, "corner", &[], 9)), ["Émile's corner"]);
        assert_eq!(names(&find(&all, "émi", &[], 9)), ["Émile's corner"]);
        assert_eq!(names(&find(&all, "front end", &[], 9)), ["front-end"]);
        assert!(find(&all, "xyz", &[], 9).is_empty());
        assert_eq!(find(&all, "", &[], 3).len(), 3);
    }

    // U01
    #[test]
    fn where_one_was_lately_comes_first() {
        let all = all(&["alpha", "beta", "general", "games"]);
        let lately = ["/games".to_owned(), "/beta".to_owned()];
        assert_eq!(names(&find(&all, "", &lately, 9)), ["games", "beta", "alpha", "general"]);
        assert_eq!(names(&find(&all, "g", &lately, 9)), ["games", "general"]);
        assert_eq!(names(&find(&all, "gen", &lately, 9)), ["general"], "what fits better comes before it");
    }
}
