// The input shapes of the operations on backups, beside shapes.h.
#pragma once

#include "wire/shape.h"

namespace insula::wire::shapes {

const Shape& CreateBackup();
const Shape& DeleteBackup();
const Shape& DescribeBackup();
const Shape& ListBackups();
const Shape& RestoreTableFromBackup();
const Shape& RestoreTableToPointInTime();
const Shape& UpdateContinuousBackups();

}  // namespace insula::wire::shapes
