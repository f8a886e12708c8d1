//! Enums written as one map, one entry of which says which variant it is.

#[cfg(any(target_arch = "wasm32", test))]
pub(crate) mod first;

/// Declares an enum that is written with its variant under `$tag`, before the variant's own fields.
///
/// The server reads the entries in any order. To do so everything is buffered, and each type within is compiled twice,
/// which is a tenth of the browser's code: the browser, which only reads what the server wrote, wants the tag first.
/// `$name` is named twice because an attribute takes no identifier.
macro_rules! tagged {
    ($tag:literal, $name:literal, $(#[$meta:meta])* pub enum $enum:ident { $($body:tt)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
        #[cfg_attr(not(target_arch = "wasm32"), derive(serde::Deserialize))]
        #[serde(tag = $tag, rename_all = "snake_case")]
        pub enum $enum { $($body)* }

        #[cfg(any(target_arch = "wasm32", test))]
        const _: () = {
            #[derive(serde::Deserialize)]
            #[serde(remote = $name, rename_all = "snake_case")]
            enum Untagged { $($body)* }

            impl crate::domain::tagged::first::TagFirst for $enum {
                const TAG: &'static str = $tag;

                fn read<'de, D: serde::Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
                    Untagged::deserialize(source)
                }
            }

            #[cfg(target_arch = "wasm32")]
            impl<'de> serde::Deserialize<'de> for $enum {
                fn deserialize<D: serde::Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
                    crate::domain::tagged::first::read(source)
                }
            }
        };
    };
}

pub(crate) use tagged;
