//! The rules of buf's STANDARD and COMMENTS lint sets that the files could break, checked without buf.

#![cfg(test)]

use prost::Message;
use prost_types::{
    DescriptorProto, EnumDescriptorProto, FileDescriptorProto, FileDescriptorSet,
    ServiceDescriptorProto,
};
use std::collections::BTreeSet;

fn files() -> Vec<FileDescriptorProto> {
    FileDescriptorSet::decode(nectar_proto::FILE_DESCRIPTOR_SET)
        .expect("a descriptor set")
        .file
}

/// `JobState` as `JOB_STATE`.
fn upper_snake(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() && i > 0 {
            out.push('_');
        }
        out.push(c.to_ascii_uppercase());
    }
    out
}

fn is_snake(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn is_pascal(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && !name.contains('_')
}

#[test]
fn packages_are_folders_and_versioned() {
    for file in files() {
        assert_eq!(file.package(), "nectar.v1", "{}", file.name());
        assert!(file.name().starts_with("nectar/v1/"), "{}", file.name());
        assert_eq!(file.syntax(), "proto3", "{}", file.name());
    }
}

#[test]
fn messages_and_fields_are_named_by_the_rules() {
    let check = |m: &DescriptorProto| {
        assert!(is_pascal(m.name()), "{}", m.name());
        for field in &m.field {
            assert!(is_snake(field.name()), "{}.{}", m.name(), field.name());
        }
    };
    files().iter().flat_map(|f| &f.message_type).for_each(check);
}

#[test]
fn enum_values_carry_their_prefix_and_begin_unspecified() {
    let check = |e: &EnumDescriptorProto| {
        let prefix = upper_snake(e.name());
        assert_eq!(e.value[0].name(), format!("{prefix}_UNSPECIFIED"));
        assert_eq!(e.value[0].number(), 0);
        for value in &e.value {
            assert!(
                value.name().starts_with(&format!("{prefix}_")),
                "{}",
                value.name()
            );
        }
    };
    files().iter().flat_map(|f| &f.enum_type).for_each(check);
}

#[test]
fn every_call_has_messages_of_its_own_name() {
    let mut seen = BTreeSet::new();
    let mut check = |s: &ServiceDescriptorProto| {
        assert!(s.name().ends_with("Service"), "{}", s.name());
        for m in &s.method {
            assert_eq!(
                m.input_type(),
                format!(".nectar.v1.{}Request", m.name()),
                "{}",
                m.name()
            );
            assert_eq!(
                m.output_type(),
                format!(".nectar.v1.{}Response", m.name()),
                "{}",
                m.name()
            );
            assert!(seen.insert(m.name().to_string()), "{}", m.name());
        }
    };
    files().iter().flat_map(|f| &f.service).for_each(&mut check);
    assert_eq!(seen.len(), 9);
}

/// Paths of everything that has a name: messages and fields, enums and values, services and calls.
fn named(file: &FileDescriptorProto) -> Vec<Vec<i32>> {
    let pairs = |tag: i32, inner: i32, counts: Vec<usize>| {
        counts.into_iter().enumerate().flat_map(move |(i, count)| {
            let outer = vec![tag, i as i32];
            let below = (0..count as i32).map(move |j| vec![tag, i as i32, inner, j]);
            std::iter::once(outer).chain(below)
        })
    };
    let messages = file.message_type.iter().map(|m| m.field.len()).collect();
    let enums = file.enum_type.iter().map(|e| e.value.len()).collect();
    let services = file.service.iter().map(|s| s.method.len()).collect();
    pairs(4, 2, messages)
        .chain(pairs(5, 2, enums))
        .chain(pairs(6, 2, services))
        .collect()
}

#[test]
fn everything_is_commented() {
    for file in files() {
        let info = file.source_code_info.as_ref().expect("comments");
        for path in named(&file) {
            let commented = info
                .location
                .iter()
                .any(|l| l.path == path && !l.leading_comments().trim().is_empty());
            assert!(commented, "{}: {path:?}", file.name());
        }
    }
}
