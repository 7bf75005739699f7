#pragma once

#include <librtmp/amf.h>
#include <librtmp/log.h>
#include <librtmp/rtmp.h>
