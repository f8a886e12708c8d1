//! Lets the types of the domain, which know nothing of databases, be arguments and columns.

/// Makes newtypes of the domain arguments, list items and columns.
///
/// `portable! { ChannelId(Uuid), Seq(i64) }` wants `Copy`, `From<ChannelId> for Uuid`, and `From<Uuid>` or
/// `TryFrom<Uuid>` for `ChannelId`. `portable! { Handle(String) }` wants `AsRef<str>` and `TryFrom<String>`
/// (or `From`), so that a stored value is parsed again: what is in the database was not checked by this
/// process.
#[macro_export]
macro_rules! portable {
    ($($name:ident($inner:ident)),+ $(,)?) => {$( $crate::portable!(@one $name $inner); )+};
    (@one $name:ident String) => {
        impl $crate::store::Bind for $name {
            const KIND: $crate::store::Kind = $crate::store::Kind::Text;
            fn bind(&self) -> $crate::store::Value<'_> {
                $crate::store::Value::Text(::core::convert::AsRef::<str>::as_ref(self))
            }
        }
        impl $crate::store::Column for $name {
            fn column(cell: $crate::store::Cell<'_>) -> ::core::result::Result<Self, ::std::string::String> {
                let text = <::std::string::String as $crate::store::Column>::column(cell)?;
                $crate::store::refused(stringify!($name), <Self as ::core::convert::TryFrom<::std::string::String>>::try_from(text))
            }
        }
        impl $crate::store::Listed for $name {
            fn list(items: &[Self]) -> $crate::store::List {
                $crate::store::List::Texts(items.iter().map(|item| ::core::convert::AsRef::<str>::as_ref(item).to_owned()).collect())
            }
        }
    };
    (@one $name:ident $inner:ident) => {
        impl $crate::store::Bind for $name {
            const KIND: $crate::store::Kind = <$inner as $crate::store::Bind>::KIND;
            fn bind(&self) -> $crate::store::Value<'_> {
                $crate::store::Own::own(<$inner as ::core::convert::From<Self>>::from(*self))
            }
        }
        impl $crate::store::Column for $name {
            fn column(cell: $crate::store::Cell<'_>) -> ::core::result::Result<Self, ::std::string::String> {
                let inner = <$inner as $crate::store::Column>::column(cell)?;
                $crate::store::refused(stringify!($name), <Self as ::core::convert::TryFrom<$inner>>::try_from(inner))
            }
        }
        impl $crate::store::Listed for $name {
            fn list(items: &[Self]) -> $crate::store::List {
                let inner: ::std::vec::Vec<$inner> = items.iter().map(|item| <$inner as ::core::convert::From<Self>>::from(*item)).collect();
                <$inner as $crate::store::Listed>::list(&inner)
            }
        }
    };
}

/// Makes enums of the domain arguments, list items and columns, stored as text: `portable_text! { ChannelKind }`
/// wants `as_str(&self) -> &str` and `FromStr`. The column has a `CHECK` with the same words.
#[macro_export]
macro_rules! portable_text {
    ($($name:ident),+ $(,)?) => {$(
        impl $crate::store::Bind for $name {
            const KIND: $crate::store::Kind = $crate::store::Kind::Text;
            fn bind(&self) -> $crate::store::Value<'_> {
                $crate::store::Value::Text(self.as_str())
            }
        }
        impl $crate::store::Column for $name {
            fn column(cell: $crate::store::Cell<'_>) -> ::core::result::Result<Self, ::std::string::String> {
                let text = $crate::store::text(cell)?;
                $crate::store::refused(stringify!($name), <Self as ::core::str::FromStr>::from_str(text))
            }
        }
        impl $crate::store::Listed for $name {
            fn list(items: &[Self]) -> $crate::store::List {
                $crate::store::List::Texts(items.iter().map(|item| item.as_str().to_owned()).collect())
            }
        }
    )+};
}
