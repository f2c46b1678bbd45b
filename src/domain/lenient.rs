//! JSON in which any field may be missing, `null`, or of a type that nobody documented: what does not fit is as good as
//! nothing, and no reason to lose what stands around it.
//!
//! That holds for types. What is no JSON value at all (half of a surrogate pair, a field that stands there twice) is an
//! error of all that is read in one go.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Any JSON value, with what can be of use of it: items of a list as `Item`, an object as `Fields`. It may hold what a
/// patient wrote, so it has no `Debug`.
#[derive(Default)]
pub enum Loose<'a, Item = IgnoredAny, Fields = IgnoredAny> {
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
    List(Vec<Item>),
    /// An object.
    Object(Fields),
    /// Any other number.
    Other,
}

impl<'a, Item: Deserialize<'a>, Fields: Deserialize<'a>> Loose<'a, Item, Fields> {
    /// Reads a value; what cannot be read is as good as nothing.
    pub fn of(json: impl Deserializer<'a>) -> Self {
        Self::deserialize(json).unwrap_or_default()
    }
}

impl<Item, Fields> Loose<'_, Item, Fields> {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The object, if it is one.
    pub fn object(self) -> Option<Fields> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The items of the list; none if it is none.
    pub fn items(self) -> Vec<Item> {
        match self {
            Self::List(items) => items,
            _ => Vec::new(),
        }
    }
}

impl<'de: 'a, 'a, Item, Fields> Deserialize<'de> for Loose<'a, Item, Fields>
where
    Item: Deserialize<'de>,
    Fields: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyValue<Item, Fields>(PhantomData<(Item, Fields)>);

        impl<'de, Item: Deserialize<'de>, Fields: Deserialize<'de>> Visitor<'de> for AnyValue<Item, Fields> {
            type Value = Loose<'de, Item, Fields>;

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
                Fields::deserialize(MapAccessDeserializer::new(fields)).map(Loose::Object)
            }
        }

        deserializer.deserialize_any(AnyValue(PhantomData))
    }
}

/// A JSON object as `T`, and nothing else. By itself, serde would also take an array, field by field.
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Loose::<IgnoredAny, T>::deserialize(deserializer)?;
        value.object().map(Object).ok_or_else(|| Error::custom("not a JSON object"))
    }
}
