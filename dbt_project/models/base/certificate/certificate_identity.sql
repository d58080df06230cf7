{{ identity('certificate') }}
