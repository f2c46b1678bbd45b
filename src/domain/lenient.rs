//! JSON in which any field may be missing, `null`, or of a type that nobody documented: what does not fit is as good as
//! nothing, and no reason to lose what stands around it.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Any JSON value, with what can be of use of it. `Inner` is what a list has items of, or what an object is read as.
#[derive(Debug, Default)]
pub enum Loose<'a, Inner = IgnoredAny> {
    /// `null`, or the field is missing.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number that is not negative.
    Number(u64),
    /// A string.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Inner>),
    /// An object.
    Object(Inner),
    /// Any other number.
    Other,
}

impl<'a, Inner: Deserialize<'a>> Loose<'a, Inner> {
    /// Reads a value; what cannot be read is as good as nothing.
    pub fn of(json: impl Deserializer<'a>) -> Self {
        Self::deserialize(json).unwrap_or_default()
    }
}

impl<Inner> Loose<'_, Inner> {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The object, if it is one.
    pub fn object(self) -> Option<Inner> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The items of the list; none if it is none.
    pub fn items(self) -> Vec<Inner> {
        match self {
            Self::List(items) => items,
            _ => Vec::new(),
        }
    }
}

impl<'de: 'a, 'a, Inner: Deserialize<'de>> Deserialize<'de> for Loose<'a, Inner> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyValue<Inner>(PhantomData<Inner>);

        impl<'de, Inner: Deserialize<'de>> Visitor<'de> for AnyValue<Inner> {
            type Value = Loose<'de, Inner>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON value")
            }

            fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
                Ok(Loose::Null)
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
                Ok(Loose::Bool(value))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
                Ok(Loose::Number(value))
            }

            fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
                Ok(Loose::Other)
            }

            fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
                Ok(Loose::Other)
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Loose::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Loose::Text(Cow::Owned(text.to_owned())))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(Loose::List(items))
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Self::Value, A::Error> {
                Inner::deserialize(MapAccessDeserializer::new(fields)).map(Loose::Object)
            }
        }

        deserializer.deserialize_any(AnyValue(PhantomData))
    }
}

/// A JSON object as `T`, and nothing else. By itself, serde would also take an array, field by field.
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(fields)).map(Object)
            }
        }

        deserializer.deserialize_map(Fields(PhantomData))
    }
}
