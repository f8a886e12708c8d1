//! Reading an enum whose tag comes first, without buffering what follows it.

use std::fmt;

use serde::{
    Deserializer,
    de::{
        DeserializeSeed, EnumAccess, Error, IgnoredAny, IntoDeserializer, MapAccess, VariantAccess, Visitor,
        value::{MapAccessDeserializer, StringDeserializer},
    },
    forward_to_deserialize_any,
};

/// An enum that can be read from a map whose first entry is its tag.
pub(crate) trait TagFirst: Sized {
    /// The key of that entry.
    const TAG: &'static str;

    /// Reads it as if the tag stood around the rest.
    fn read<'de, D: Deserializer<'de>>(source: D) -> Result<Self, D::Error>;
}

/// Reads a `T` whose tag comes first.
pub(crate) fn read<'de, T: TagFirst, D: Deserializer<'de>>(source: D) -> Result<T, D::Error> {
    T::read(Tagged { tag: T::TAG, source })
}

struct Tagged<D> {
    tag: &'static str,
    source: D,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Tagged<D> {
    type Error = D::Error;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.source.deserialize_map(Entries { tag: self.tag, visitor })
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, D::Error> {
        Err(D::Error::custom("only an enum has a tag"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

struct Entries<V> {
    tag: &'static str,
    visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Entries<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a map that begins with `{}`", self.tag)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<V::Value, A::Error> {
        match entries.next_key::<String>()? {
            Some(key) if key == self.tag => {
                let variant = entries.next_value::<String>()?;
                self.visitor.visit_enum(Named { variant, fields: entries })
            }
            _ => Err(A::Error::custom(format_args!("must begin with `{}`", self.tag))),
        }
    }
}

struct Named<A> {
    variant: String,
    fields: A,
}

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for Named<A> {
    type Error = A::Error;
    type Variant = Fields<A>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Fields<A>), A::Error> {
        let name: StringDeserializer<A::Error> = self.variant.into_deserializer();
        Ok((seed.deserialize(name)?, Fields(self.fields)))
    }
}

/// What follows the tag.
struct Fields<A>(A);

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for Fields<A> {
    type Error = A::Error;

    fn unit_variant(mut self) -> Result<(), A::Error> {
        while self.0.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        seed.deserialize(MapAccessDeserializer::new(self.0))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, _visitor: V) -> Result<V::Value, A::Error> {
        Err(A::Error::custom("a list has no place beside a tag"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        visitor.visit_map(self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde::{Serialize, de::DeserializeOwned};

    use super::*;
    use crate::domain::{
        ChannelId, CommunityId, Error, PersonId, Presence, Topic,
        event::{Envelope, Ephemeral, Event},
        feed::{EndReason, ServerFrame},
    };

    fn both<T: TagFirst + Serialize + DeserializeOwned + PartialEq + fmt::Debug>(value: T) {
        let text = serde_json::to_string(&value).unwrap();
        let read: T = read(&mut serde_json::Deserializer::from_str(&text)).expect(&text);
        assert_eq!(read, value, "tag first: {text}");
        assert_eq!(serde_json::from_str::<T>(&text).unwrap(), value, "in any order: {text}");
    }

    // P01
    #[test]
    fn what_the_server_writes_is_read_in_the_browser_as_here() {
        let (channel, community, person) = (ChannelId::fresh(), CommunityId::fresh(), PersonId::fresh());
        let topic = Topic::Channel(channel);
        both(ServerFrame::Pong);
        both(ServerFrame::Error { error: Error::invalid("body", "must not be empty") });
        both(ServerFrame::End { topic, reason: EndReason::Lost });
        both(ServerFrame::Now { now: Ephemeral::Presence { person, state: Presence::Away } });
        both(ServerFrame::Event(Envelope { topic, seq: 7, event: Event::ChannelDeleted { channel, community } }));
        both(Error::NotFound);
        both(Error::TooMany { retry_after: 9 });
    }

    #[test]
    fn the_tag_has_to_be_known_and_to_come_first() {
        let read =
            |text: &str| read::<Error, _>(&mut serde_json::Deserializer::from_str(text)).map_err(|e| e.to_string());
        assert_eq!(
            read(r#"{"error":"too_many","retry_after":9,"since":"then"}"#),
            Ok(Error::TooMany { retry_after: 9 })
        );
        assert!(read(r#"{"retry_after":9,"error":"too_many"}"#).unwrap_err().starts_with("must begin with `error`"));
        assert!(read(r#"{"error":"too_late"}"#).unwrap_err().starts_with("unknown variant `too_late`"));
        assert!(read(r#"{"error":"too_many"}"#).unwrap_err().starts_with("missing field `retry_after`"));
        assert!(read(r#""too_many""#).unwrap_err().contains("a map that begins with `error`"));
    }
}
