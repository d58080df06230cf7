{{ identity('credit') }}
