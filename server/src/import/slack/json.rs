//! Lists of records, one bad record of which costs no other.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, DeserializeSeed, IgnoredAny, SeqAccess, Visitor},
};
use serde_json::Value;

use crate::import::Tally;

/// The records of a JSON array with their numbers, counted from 1. What is wrong goes to the tally.
pub(super) fn records<T: DeserializeOwned>(file: &str, bytes: &[u8], tally: &mut Tally) -> Vec<(u64, T)> {
    // A byte order mark is no JSON, but some editors leave one.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Ok(all) = serde_json::from_slice::<Vec<T>>(bytes) {
        return (1..).zip(all).collect();
    }
    // Something is wrong: once more, slowly, to find out what, and to keep what stands before it.
    let mut values: Vec<Value> = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = Keep(&mut values).deserialize(&mut reader).and_then(|()| reader.end());
    let whole = values.len();
    let mut records = Vec::with_capacity(whole);
    for (number, value) in (1..).zip(values) {
        match serde_json::from_value(value) {
            Ok(record) => records.push((number, record)),
            Err(error) => tally.complain(file, Some(number), format!("is not as expected ({error}); left out")),
        }
    }
    if let Err(error) = read {
        tally.complain(file, None, format!("is not JSON ({error}); the {whole} records before that were read"));
    }
    records
}

/// How many records a JSON array has, as far as it can be read.
pub(super) fn count(bytes: &[u8]) -> u64 {
    serde_json::from_slice::<Vec<IgnoredAny>>(bytes).map_or(0, |all| all.len() as u64)
}

/// Takes an array's items as they come, so that they remain when a later one is broken.
struct Keep<'k, T>(&'k mut Vec<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Keep<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        struct Items<'k, T>(&'k mut Vec<T>, PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<'_, T> {
            type Value = ();

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of records")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
                while let Some(item) = items.next_element()? {
                    self.0.push(item);
                }
                Ok(())
            }
        }

        from.deserialize_seq(Items(self.0, PhantomData))
    }
}
