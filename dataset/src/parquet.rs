//! Parquet files, batch by batch and only the columns that are wanted.

use super::{
    fault::{Fault, MAX_CELL, Rule},
    sink::{Field, Progress, Sink, check_fields, next_row, unreadable},
    value::Value,
};
use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch},
    datatypes::{
        ArrowPrimitiveType, DataType, Date32Type, Decimal128Type, Float32Type, Float64Type,
        Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
    },
};
use nectar_verifier::{decimal::Decimal, header::MAX_ROWS};
use parquet::{
    arrow::{
        ProjectionMask,
        arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder},
    },
    file::metadata::ParquetMetaData,
};
use std::{
    fs::File,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Rows read at a time.
const BATCH: usize = 1 << 13;

/// Reads a file.
pub(super) fn read<S: Sink>(
    file: File,
    length: u64,
    sink: &mut S,
    progress: Progress,
) -> Result<u32, Fault> {
    // The parquet crate means to answer malformed files with errors, and still panics on some: version 57 does in its
    // Thrift reader, as a test with changed bytes shows. After a refusal the sink gives nothing but refusals, so that it
    // may be left half-filled does no harm.
    let read = AssertUnwindSafe(|| read_batches(file, length, sink, progress));
    catch_unwind(read).unwrap_or_else(|_| Err(unreadable("the Parquet file is malformed")))
}

fn read_batches<S: Sink>(
    file: File,
    length: u64,
    sink: &mut S,
    progress: Progress,
) -> Result<u32, Fault> {
    // Without the writer's Arrow hints a column has the plain type of its Parquet annotation: no dictionaries.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options);
    let builder = builder.map_err(unreadable)?;
    let total = check_metadata(builder.metadata(), length)?;
    let fields: Vec<Field> = builder.schema().fields().iter().map(|f| field(f)).collect();
    check_fields(&fields)?;
    let Some(slots) = sink.header(&fields) else {
        return Ok(0);
    };
    let mut places = slots.clone();
    places.sort_unstable();
    places.dedup();
    let mask = ProjectionMask::roots(builder.parquet_schema(), places.iter().copied());
    let builder = builder.with_projection(mask).with_batch_size(BATCH);
    let mut row = 0;
    for batch in builder.build().map_err(unreadable)? {
        let batch = batch.map_err(unreadable)?;
        give_batch(&batch, row, &slots, &places, sink)?;
        for _ in 0..batch.num_rows() {
            row = next_row(row)?;
        }
        progress(share(length, row, total), length);
    }
    Ok(row)
}

fn share(length: u64, row: u32, total: u64) -> u64 {
    let bytes = u128::from(length) * u128::from(row) / u128::from(total.max(1));
    u64::try_from(bytes).unwrap_or(length).min(length)
}

/// Checks what the footer claims before anything is allocated by it. Returns the number of rows.
fn check_metadata(metadata: &ParquetMetaData, length: u64) -> Result<u64, Fault> {
    let mut total = 0u64;
    for group in metadata.row_groups() {
        let rows = u64::try_from(group.num_rows()).map_err(unreadable)?;
        total = total.saturating_add(rows);
        let inside =
            |(start, size): (u64, u64)| start.checked_add(size).is_some_and(|end| end <= length);
        if !group.columns().iter().all(|c| inside(c.byte_range())) {
            return Err(unreadable(
                "the Parquet file is cut off, or its footer is malformed",
            ));
        }
    }
    if total > u64::from(MAX_ROWS) {
        return Err(Fault::file(Rule::TooManyRows));
    }
    Ok(total)
}

fn field(field: &arrow::datatypes::Field) -> Field {
    let kind = field.data_type();
    let readable = kind.is_integer()
        || matches!(
            kind,
            DataType::Boolean
                | DataType::Float32
                | DataType::Float64
                | DataType::Utf8
                | DataType::Date32
                | DataType::Decimal128(..)
        );
    Field {
        name: field.name().clone(),
        unreadable: (!readable).then(|| kind.to_string()),
    }
}

fn give_batch<S: Sink>(
    batch: &RecordBatch,
    before: u32,
    slots: &[usize],
    places: &[usize],
    sink: &mut S,
) -> Result<(), Fault> {
    for (slot, place) in slots.iter().enumerate() {
        let index = places.binary_search(place).unwrap_or(usize::MAX);
        let array = batch.columns().get(index);
        let array = array.ok_or_else(|| unreadable("a column is missing from a batch"))?;
        let cell = cells(array).ok_or_else(|| {
            let got = array.data_type().to_string();
            Fault::file(Rule::ColumnType { got })
        })?;
        for (i, row) in (0..array.len()).zip(before.saturating_add(1)..) {
            let value = if array.is_null(i) {
                Ok(Value::Null)
            } else {
                cell(i)
            };
            sink.cell(slot, row, value);
        }
    }
    Ok(())
}

type Cells<'a> = Box<dyn Fn(usize) -> Result<Value<'a>, Rule> + 'a>;

/// How the present cells of a column are read; `None` for types [`field`] calls unreadable.
fn cells(array: &ArrayRef) -> Option<Cells<'_>> {
    match array.data_type() {
        DataType::Boolean => {
            let values = array.as_boolean_opt()?;
            Some(Box::new(|i| Ok(Value::Boolean(values.value(i)))))
        }
        DataType::Utf8 => {
            let values = array.as_string_opt::<i32>()?;
            Some(Box::new(|i| text(values.value(i))))
        }
        DataType::Date32 => primitive::<Date32Type>(array, |day| Ok(Value::Day(day))),
        DataType::Int8 => primitive::<Int8Type>(array, integer),
        DataType::Int16 => primitive::<Int16Type>(array, integer),
        DataType::Int32 => primitive::<Int32Type>(array, integer),
        DataType::Int64 => primitive::<Int64Type>(array, integer),
        DataType::UInt8 => primitive::<UInt8Type>(array, integer),
        DataType::UInt16 => primitive::<UInt16Type>(array, integer),
        DataType::UInt32 => primitive::<UInt32Type>(array, integer),
        DataType::UInt64 => primitive::<UInt64Type>(array, integer),
        DataType::Float32 => primitive::<Float32Type>(array, |f| float(f, f.is_nan())),
        DataType::Float64 => primitive::<Float64Type>(array, |f| float(f, f.is_nan())),
        DataType::Decimal128(_, scale) => {
            let scale = u8::try_from(*scale).ok()?;
            primitive::<Decimal128Type>(array, move |digits| number(Decimal::new(digits, scale)))
        }
        _ => None,
    }
}

fn primitive<'a, T: ArrowPrimitiveType>(
    array: &'a ArrayRef,
    read: impl Fn(T::Native) -> Result<Value<'a>, Rule> + 'a,
) -> Option<Cells<'a>> {
    let values = array.as_primitive_opt::<T>()?;
    Some(Box::new(move |i| read(values.value(i))))
}

fn text(text: &str) -> Result<Value<'_>, Rule> {
    match text.len() > MAX_CELL {
        true => Err(Rule::CellLength),
        false => Ok(Value::Text(text)),
    }
}

fn integer<'a>(n: impl Into<i128>) -> Result<Value<'a>, Rule> {
    number(Decimal::new(n.into(), 0))
}

/// A binary number is the shortest decimal that reads back as itself; "not a number" is text, for `missing` to name.
fn float<'a>(f: impl std::fmt::Display, nan: bool) -> Result<Value<'a>, Rule> {
    match nan {
        true => Ok(Value::Text("NaN")),
        false => number(Decimal::parse(&f.to_string())),
    }
}

fn number<'a>(number: Option<Decimal>) -> Result<Value<'a>, Rule> {
    number.map(Value::Number).ok_or(Rule::NotANumber)
}
