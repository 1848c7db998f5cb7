// SPDX-License-Identifier: Apache-2.0
// Computes the weighted log loss of a Parquet data set and its standard error with all processes of an MPI job:
//
//     mpirun -n 2 ./mpi_evaluate DATA_SET
//
// Of n processes, process r reads the parts r, r + n, r + 2n and so on with Arrow, and adds Arrow's arrays in place to
// its own accumulator. One MPI_Reduce merges the accumulators in their serialized form of at most 2,048 bytes. Merging
// is exact, so the operation is commutative and the result has the same bits for any number of processes.

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <cross_entropy.h>
#include <mpi.h>
#include <parquet/arrow/reader.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

using State = std::array<unsigned char, CE_ACCUMULATOR_STATE_SIZE>;

// Ends the job after an error, because an operation of MPI_Reduce cannot report one.
static void check(ce_status status) {
    if (status == CE_OK) return;
    std::fprintf(stderr, "mpi_evaluate: %s\n", ce_last_error()->message);
    MPI_Abort(MPI_COMM_WORLD, 1);
}

static void check(const arrow::Status &status) {
    if (status.ok()) return;
    std::fprintf(stderr, "mpi_evaluate: %s\n", status.ToString().c_str());
    MPI_Abort(MPI_COMM_WORLD, 1);
}

static ce_accumulator *accumulator_of(const State &state) {
    ce_accumulator *accumulator = nullptr;
    check(ce_accumulator_deserialize(state.data(), state.size(), &accumulator));
    return accumulator;
}

// The bytes after the state are zero.
static State state_of(const ce_accumulator *accumulator) {
    State state{};
    int64_t size = 0;
    check(ce_accumulator_serialize(accumulator, state.data(), state.size(), &size));
    return state;
}

static void merge(void *added, void *totals, int *count, MPI_Datatype *) {
    for (int i = 0; i < *count; i++) {
        State &total = static_cast<State *>(totals)[i];
        ce_accumulator *into = accumulator_of(total), *from = accumulator_of(static_cast<State *>(added)[i]);
        check(ce_accumulator_merge(into, from));
        total = state_of(into);
        ce_accumulator_destroy(from);
        ce_accumulator_destroy(into);
    }
}

// Arrow stores booleans and validity bitmaps in the format of CE_BIT, so nothing is copied.
static void add(ce_accumulator *accumulator, const arrow::RecordBatch &rows) {
    auto logit = std::static_pointer_cast<arrow::FloatArray>(rows.GetColumnByName("logit"));
    auto clicked = std::static_pointer_cast<arrow::BooleanArray>(rows.GetColumnByName("clicked"));
    auto weight = std::static_pointer_cast<arrow::DoubleArray>(rows.GetColumnByName("weight"));
    ce_batch batch = ce_batch_of(
        CE_LOGITS, CE_FLOAT32, logit->raw_values(), CE_BIT, clicked->values()->data(), rows.num_rows());
    batch.targets.bit_offset = static_cast<int32_t>(clicked->offset());
    batch.weights = {weight->raw_values(), CE_FLOAT64, 0};
    if (clicked->null_count() > 0)
        batch.mask = {clicked->null_bitmap_data(), CE_BIT, static_cast<int32_t>(clicked->offset())};
    check(ce_accumulator_add(accumulator, nullptr, &batch));
}

static void add(ce_accumulator *accumulator, const std::string &path) {
    std::shared_ptr<arrow::io::ReadableFile> file;
    std::unique_ptr<parquet::arrow::FileReader> reader;
    std::unique_ptr<arrow::RecordBatchReader> batches;
    std::shared_ptr<arrow::RecordBatch> rows;
    check(arrow::io::ReadableFile::Open(path).Value(&file));
    check(parquet::arrow::OpenFile(file, arrow::default_memory_pool()).Value(&reader));
    reader->set_batch_size(65'536);
    check(reader->GetRecordBatchReader().Value(&batches));
    for (;;) {
        check(batches->ReadNext(&rows));
        if (!rows) return;
        add(accumulator, *rows);
    }
}

int main(int count, char **arguments) {
    MPI_Init(&count, &arguments);
    int rank, size;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    if (count != 2) {
        if (rank == 0) std::fprintf(stderr, "usage: mpi_evaluate DATA_SET\n");
        MPI_Finalize();
        return 2;
    }

    std::vector<std::string> parts;
    for (const auto &entry : std::filesystem::directory_iterator(arguments[1]))
        if (entry.path().extension() == ".parquet") parts.push_back(entry.path());
    std::sort(parts.begin(), parts.end());

    ce_accumulator *accumulator = nullptr;
    check(ce_accumulator_create(1, &accumulator));
    for (size_t part = rank; part < parts.size(); part += size) add(accumulator, parts[part]);

    MPI_Datatype state_type;
    MPI_Op merging;
    MPI_Type_contiguous(sizeof(State), MPI_BYTE, &state_type);
    MPI_Type_commit(&state_type);
    MPI_Op_create(merge, 1, &merging);
    State own = state_of(accumulator), total{};
    MPI_Reduce(&own, &total, 1, state_type, merging, 0, MPI_COMM_WORLD);

    if (rank == 0) {
        ce_report report = CE_REPORT_INIT;
        ce_accumulator *all = accumulator_of(total);
        check(ce_accumulator_report(all, CE_WEIGHTED_MEAN, &report));
        // 17 digits determine all bits of a double.
        std::printf("log loss %.17g, standard error %.17g, rows %lld, unknown %lld\n", report.loss,
                    report.standard_error, static_cast<long long>(report.count),
                    static_cast<long long>(report.ignored_count));
        ce_accumulator_destroy(all);
    }
    ce_accumulator_destroy(accumulator);
    MPI_Op_free(&merging);
    MPI_Type_free(&state_type);
    MPI_Finalize();
}
